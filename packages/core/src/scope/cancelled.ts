/** Shared by every copy of the library, so that each knows the others' cancellations. */
const brand = Symbol.for("anywhen.Cancelled");

/**
 * Thrown by checkpoints of a cancelled scope. Let it pass: it is control flow, not a failure.
 * One instance serves one `cancel()`: its stack shows who cancelled, its `reason` why. [C17]
 */
export class Cancelled extends Error {
  static {
    this.prototype.name = "Cancelled";
    Object.defineProperty(this.prototype, brand, { value: true });
  }
  /** What was given to `cancel()`; a `TimeoutError` when a deadline passed. */
  readonly reason: unknown;

  private constructor(message: string, reason: unknown) {
    super(message);
    this.reason = reason;
  }

  /** @internal */
  static create(message: string, reason: unknown): Cancelled {
    return new Cancelled(message, reason);
  }
}

function branded(value: unknown): boolean {
  return typeof value === "object" && value !== null && brand in value;
}

/** True for a `Cancelled`, also behind an `AbortError` whose cause it is. [C18] */
export function isCancelled(error: unknown): error is Error {
  try {
    if (branded(error)) return true;
    const { name, cause } = (error ?? {}) as { name?: unknown; cause?: unknown };
    return name === "AbortError" && branded(cause);
  } catch {
    // What was thrown does not let itself be looked at: it is none of ours.
    return false;
  }
}
