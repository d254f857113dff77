/** A small program around one primitive, and what holds whatever the order and whoever is cancelled. */
export interface Specimen<S> {
  readonly name: string;
  setup(): S;
  main(state: S): Promise<unknown>;
  /** After the end, cancelled or not. Throws for what is wrong. */
  check(state: S): void;
  /** The same for what holds only if nobody but `main` itself has cancelled anything. */
  complete?(state: S): void;
}

/** Lets a table hold specimens with states of their own. */
export function specimen<S>(given: Specimen<S>): Specimen<unknown> {
  return given as Specimen<unknown>;
}

/** A rule does not hold. Never comes out of the library. */
class Violation extends Error {}

/** Throws `what` is wrong. */
export function assert(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Violation(what);
}

/** Whether an error is, or has among its own, a broken rule. */
export function isViolation(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isViolation);
  return error instanceof Violation || (error instanceof Error && isCausedByOne(error));
}

function isCausedByOne({ cause }: Error): boolean {
  return cause !== undefined && isViolation(cause);
}
