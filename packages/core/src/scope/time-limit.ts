import { Alarm, type AlarmTarget } from "../alarm-heap.ts";
import type { CancelScope } from "./cancel-scope.ts";

/** What a scope knows of its deadline, or that it must return a value. Apart, so that scopes with neither are smaller. */
export class TimeLimit extends Alarm {
  /** For a deadline that counts from entering, in ms. [C8] */
  after: number | undefined;
  /** For a scope that must return a value: throws what absorbing its cancellation comes to. [C12] */
  whenAbsorbed: ((scope: CancelScope) => never) | undefined = undefined;
  /** A text of the caller's that says what timed out. */
  message: string | undefined = undefined;

  /** Without `after` it has the instant `due`, with it one that is known on entering. */
  constructor(target: AlarmTarget, due: number, after?: number) {
    super(due, target);
    this.after = after;
  }
}
