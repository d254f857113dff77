import { Alarm } from "../alarm-heap.ts";
import type { CancelScope } from "./cancel-scope.ts";
import type { Cancelled } from "./cancelled.ts";

/** Who or what cancelled a scope. [C12] */
export type CancelCause = "deadline" | "call" | "failure" | "host" | "deadlock";

/** A scope's own cancellation. */
export interface OwnCancellation {
  readonly cancelled: Cancelled;
  readonly cause: CancelCause;
  /** Whether the scope has absorbed it at its edge. [C4] */
  caught: boolean;
}

/**
 * What most scopes do without: a deadline, a shield, a signal, a cancellation of their own. Apart, so
 * that a scope, of which every task has one, is smaller. As an alarm it is the deadline.
 */
export class ScopeExtras extends Alarm {
  /** For a deadline that counts from entering, in ms. [C8] */
  after: number | undefined = undefined;
  /** For a scope that must return a value: throws what absorbing its cancellation comes to. [C12] */
  whenAbsorbed: ((scope: CancelScope) => never) | undefined = undefined;
  /** A text of the caller's that says what timed out. */
  message: string | undefined = undefined;
  shielded = false;
  controller: AbortController | undefined = undefined;
  cancellation: OwnCancellation | undefined = undefined;
}
