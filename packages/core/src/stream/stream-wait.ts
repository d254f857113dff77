import type { CancelScope } from "../scope/cancel-scope.ts";
import { Waiter } from "../wait.ts";
import type { Queued } from "../wait-queue.ts";

/** What stands in a queue of a stream: a parked call, or one case of a `select()`. */
export interface StreamQueued<T = unknown> extends Queued<T> {
  /** What a waiting sender wants to send; whoever takes it resumes the sender. */
  item: unknown;
  /** The clone of a stream that the call was made on, whose `close()` ends the wait. [M7] */
  owner: unknown;
}

/** A call that is parked at an end of a stream. */
export class StreamWait<T> extends Waiter<T> implements StreamQueued<T> {
  readonly item: unknown;
  readonly owner: unknown;

  constructor(scope: CancelScope | undefined, owner: object, item?: unknown) {
    super(scope, "parked", true);
    this.item = item;
    this.owner = owner;
  }
}
