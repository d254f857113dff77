import type { Waiter } from "./wait.ts";

/** What stands in a queue: a parked call (`Waiter`), or one case of a `select()`. */
export interface Queued<T = unknown> {
  queue: WaitList<T> | undefined;
  previous: Queued<T> | undefined;
  next: Queued<T> | undefined;
  /** What it brings along: the item that a sender has, the lease or the borrower that it waits for. */
  item: unknown;
  /** The clone of a stream that the call was made on, whose `close()` ends the wait. [M7] */
  owner: unknown;
  resume(value: T): boolean;
  /** As `resume`, but not before the caller's own next step. */
  resumeBehind(value: T): boolean;
  fail(error: unknown): boolean;
}

/** Where something stands that may have to leave before its turn. */
export interface WaitList<T> {
  /** What is waited for, for people. [D1] */
  describe(): string | undefined;
  /** The wait is settled. */
  remove(waiting: Queued<T>): void;
  /** It was a cancellation that settled it, after which it has left the list. */
  readonly interrupted?: ((waiting: Waiter) => void) | undefined;
}

/** Where a settled wait stands: nowhere any more. A field for it would make every wait larger. */
export const settledWaits: WaitList<unknown> = { describe: () => undefined, remove() {} };

/**
 * First come, first served. The links are in the waiters themselves, so joining, leaving from the
 * middle and serving the first are O(1) and allocate nothing. A waiter is in one queue at most.
 */
export class WaitQueue<T = unknown, W extends Queued<T> = Waiter<T>> implements WaitList<T> {
  // No #private in what every wait goes through: its accesses are keyed, and slower.
  private head: W | undefined = undefined;
  private tail: W | undefined = undefined;
  private length = 0;
  private readonly describer: (() => string) | undefined;
  readonly interrupted: ((waiter: Waiter) => void) | undefined;

  /**
   * @param describe says what the waiters wait for, for people; called when somebody asks, never on the way
   * @param interrupted hears of those whom a cancellation has taken away
   */
  constructor(describe?: () => string, interrupted?: (waiter: Waiter) => void) {
    this.describer = describe;
    this.interrupted = interrupted;
  }

  /** What the waiters wait for, as in "worker-3 waits for …"; undefined if nobody said. [D1] */
  describe(): string | undefined {
    return this.describer?.();
  }

  get size(): number {
    return this.length;
  }

  /** The one that has waited longest. */
  get first(): W | undefined {
    return this.head;
  }

  /** Nothing for one that was settled while it parked, by a backend that heard of it. */
  push(waiter: W): void {
    if (waiter.queue === settledWaits) return;
    waiter.queue = this;
    waiter.previous = this.tail;
    if (this.tail === undefined) this.head = waiter;
    else this.tail.next = waiter;
    this.tail = waiter;
    this.length++;
  }

  remove(waiter: W): void {
    const previous = waiter.previous as W | undefined;
    const next = waiter.next as W | undefined;
    if (previous === undefined) this.head = next;
    else previous.next = next;
    if (next === undefined) this.tail = previous;
    else next.previous = previous;
    waiter.previous = waiter.next = undefined;
    this.length--;
  }

  /** Resumes everyone who waits now, in order. */
  resumeAll(value: T): void {
    for (let waiter = this.head; waiter !== undefined; waiter = this.head) waiter.resume(value);
  }
}
