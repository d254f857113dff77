import type { CancelScope } from "@anywhen/core";

/*
 * The oracle: C2, C4 and C10 to C12 written down once more, without any of the library's machinery.
 * Nothing is pushed down or cached, every question walks the tree.
 */

export type Certainty = "yes" | "maybe" | "no";

function either(a: Certainty, b: Certainty): Certainty {
  if (a === "yes" || b === "yes") return "yes";
  return a === "maybe" || b === "maybe" ? "maybe" : "no";
}

interface OwnCancellation {
  readonly at: number;
  /** `unsure`: a failure and a call of the same instant; which came first is the library's to choose. */
  readonly cause: "call" | "deadline" | "failure" | "unsure";
  readonly reason: unknown;
}

/** A scope as the rules see it. */
export class ModelScope {
  parent: ModelScope | undefined;
  shield: boolean;
  due: number;
  own: OwnCancellation | undefined;
  /** Errors of the group's that it will be cancelled for, as soon as it has heard of them. */
  readonly failures: { readonly error: unknown; readonly at: number }[] = [];
  /** `leaving`: its code has ended, and the library is about to notice. */
  state: "open" | "leaving" | "ended" = "open";
  /** Touched while it was leaving: whether that still counted is a matter of microtasks. */
  touchedLate = false;
  /** When its parent's cancellation became visible at the earliest: it may have been moved or unshielded. */
  visibleFrom: number;
  /** Whether a program may unshield it. */
  readonly unshieldable: boolean;
  subject: CancelScope | undefined;
  readonly #now: () => number;

  constructor(
    now: () => number,
    parent: ModelScope | undefined,
    options: { shield?: boolean; due?: number; unshieldable?: boolean } = {},
  ) {
    this.#now = now;
    this.parent = parent;
    this.shield = options.shield ?? false;
    this.due = options.due ?? Infinity;
    this.unshieldable = options.unshieldable ?? false;
    this.visibleFrom = now();
    this.settle();
  }

  /** Lets what must have happened by now have happened. */
  settle(): void {
    if (this.own !== undefined || this.state === "ended") return;
    const now = this.#now();
    const failure = this.failures[0];
    const heard =
      failure !== undefined && (failure.at < now || this.subject?.cancelCalled === true);
    if (failure !== undefined && heard) {
      this.own = { at: failure.at, cause: "failure", reason: failure.error };
    } else if (this.due <= now) {
      const at = Math.max(this.due, this.visibleFrom);
      this.own = { at, cause: "deadline", reason: undefined };
    }
  }

  cancel(reason: unknown): void {
    this.settle();
    if (this.state === "leaving") this.touchedLate = true;
    if (this.state === "ended" || this.own !== undefined) return;
    const cause = this.failures.length > 0 ? "unsure" : "call";
    this.own = { at: this.#now(), cause, reason };
  }

  fail(error: unknown): void {
    this.settle();
    this.failures.push({ error, at: this.#now() });
  }

  moveDeadline(due: number): void {
    this.settle();
    if (this.state === "leaving") this.touchedLate = true;
    if (this.state === "ended" || this.own !== undefined) return;
    this.due = due;
    if (due <= this.#now()) {
      const cause = this.failures.length > 0 ? "unsure" : "deadline";
      this.own = { at: this.#now(), cause, reason: undefined };
    }
  }

  unshield(): void {
    if (this.shield) this.visibleFrom = this.#now();
    if (this.state === "leaving") this.touchedLate = true;
    this.shield = false;
  }

  moveUnder(parent: ModelScope): void {
    this.parent = parent;
    this.visibleFrom = this.#now();
  }

  get cancelledItself(): Certainty {
    this.settle();
    if (this.own !== undefined) return "yes";
    return this.failures.length > 0 ? "maybe" : "no";
  }

  /** Whether an enclosing cancellation is visible. */
  get outer(): Certainty {
    return this.shield || this.parent === undefined ? "no" : this.parent.effective;
  }

  /** C2. */
  get effective(): Certainty {
    return either(this.cancelledItself, this.outer);
  }

  /** The instant from which checkpoints throw; Infinity if they do not. */
  get effectiveSince(): number {
    this.settle();
    const own = this.own?.at ?? this.failures[0]?.at ?? Infinity;
    if (this.shield || this.parent === undefined) return own;
    return Math.min(own, Math.max(this.parent.effectiveSince, this.visibleFrom));
  }

  /** Whether `reason` is why a checkpoint in here may throw. */
  explains(reason: unknown): boolean {
    this.settle();
    if (this.own !== undefined) {
      if (this.own.cause === "deadline" || this.own.cause === "unsure") return true;
      if (this.own.reason === reason) return true;
    }
    if (this.failures.some(({ error }) => error === reason)) return true;
    return !this.shield && this.parent !== undefined && this.parent.explains(reason);
  }
}
