import { isThenable, notAFunction } from "../arguments.ts";
import { ambient } from "../context.ts";
import { UsageError } from "../errors.ts";
import { parkIn, passedIn, refusedIn, type Waiter } from "../wait.ts";
import type { Condition } from "./condition.ts";
import { checkCount } from "./count.ts";
import { releasedTwice, type Lease } from "./lease.ts";
import type { LockLease } from "./lock.ts";

/**
 * A held condition: to wait or notify without the lock cannot be written.
 *
 * While `wait()` is pending the lock is not held. `release()`, and leaving a `using` block, then end
 * the lease all the same: the pending `wait()` throws `UsageError` and takes no lock again.
 */
export interface ConditionLease extends Lease {
  /**
   * Gives the lock up, waits to be notified, and holds the lock again when it returns or throws,
   * also when cancelled: taking it again is shielded. Once notified it returns, even if cancelled
   * while it queues for the lock; cancelled before, it uses up no notification. A checkpoint. [L6, K2]
   *
   * @throws UsageError if the lease was released, or another `wait()` of it is pending
   */
  wait(): Promise<void>;
  /**
   * Waits, by `wait()`, until `predicate` returns true. It is called with the lock held. A checkpoint.
   *
   * @throws what `predicate` throws; UsageError as `wait()` does; TypeError if it is no function, or async
   */
  waitFor(predicate: () => boolean): Promise<void>;
  /**
   * Wakes the `n` (default 1) who have waited longest, or all if fewer wait; each returns as soon as
   * it has the lock. No checkpoint. [K3, L1]
   *
   * @throws UsageError if the lock is not held; RangeError unless `n` is a whole number or Infinity
   */
  notify(n?: number): void;
  /** Wakes all who wait, in the order they came. No checkpoint. Throws UsageError if the lock is not held. */
  notifyAll(): void;
}

/** What a notified wait goes on with: the wait for the lock, if it is not free. */
export type Notified = Promise<Lease> | undefined;

/** What a wait to be notified brings along. */
interface PendingWait {
  readonly held: HeldCondition;
  /** Its wait for the lock, once a cancellation has ended it. */
  regaining: Waiter<Lease> | undefined;
}

/** The one kind of `ConditionLease`. */
export class HeldCondition implements ConditionLease {
  private readonly condition: Condition;
  /** The one lease of the lock, held again after each wait. */
  private readonly lease: LockLease;
  /** While the lock is given up: the wait to be notified, then the one for the lock. */
  private pending: Waiter | undefined = undefined;

  constructor(condition: Condition, lease: LockLease) {
    this.condition = condition;
    this.lease = lease;
  }

  /** @internal A cancellation has taken a wait away: also then it holds the lock again when it throws. [L6] */
  static interrupted(waiter: Waiter): void {
    const pending = waiter.item as PendingWait;
    pending.regaining = pending.held.regain(waiter);
  }

  wait(): Promise<void> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    const wrong = this.notHeld("wait()");
    if (wrong !== undefined) return Promise.reject(wrong);
    const { lock, queue } = this.condition;
    const waiter = parkIn<Notified>(scope);
    // Cancelled while it parked: the lock has not been given up.
    if (waiter.settled) return waiter.promise as Promise<never>;
    const pending: PendingWait = { held: this, regaining: undefined };
    this.pending = waiter as Waiter;
    waiter.item = pending;
    queue.push(waiter);
    lock.takeBack();
    return waiter.promise.then(
      () => {},
      async (error: unknown) => {
        // What it throws says why the wait ended; that the lease ended as well changes nothing.
        await pending.regaining?.promise.catch(() => {});
        throw error;
      },
    );
  }

  async waitFor(predicate: () => boolean): Promise<void> {
    const wrong = notAFunction(predicate, "waitFor()");
    if (wrong !== undefined) throw wrong;
    const scope = ambient.getStore();
    await refusedIn(scope);
    for (let waits = 0; ; waits++) {
      const notHeld = this.notHeld("waitFor()");
      if (notHeld !== undefined) throw notHeld;
      if (isTrue(predicate())) return waits === 0 ? passedIn<void>(scope, undefined) : undefined;
      await this.wait();
    }
  }

  notify(n = 1): void {
    checkCount(n, "notify(): n", { least: 0, orInfinity: true });
    const wrong = this.notHeld("notify()");
    if (wrong !== undefined) throw wrong;
    const { queue } = this.condition;
    for (let left = n; left > 0; left--) {
      const waiter = queue.first;
      if (waiter === undefined) return;
      const { held } = waiter.item as PendingWait;
      // It joins the lock's queue now, not when it runs: whoever acquires later comes later. [L1]
      waiter.resume(held.regain(waiter as Waiter)?.promise);
    }
  }

  notifyAll(): void {
    this.notify(Infinity);
  }

  release(): void {
    if (this.lease.released) throw releasedTwice(this.condition.label());
    if (this.held) this.lease.release();
    else this.end();
  }

  [Symbol.dispose](): void {
    if (!this.lease.released) this.release();
  }

  private get held(): boolean {
    return this.condition.lock.current === this.lease;
  }

  /** Ends the lease while a wait has given the lock up. */
  private end(): void {
    this.lease.released = true;
    this.pending?.fail(
      new UsageError(
        `a lease of ${this.condition.label()} was released while its wait() was pending: is an await missing?`,
      ),
    );
  }

  /** Queues up for the lock, to hold it under the same lease as before. */
  private regain(caller: Waiter): Waiter<Lease> | undefined {
    const waiter = this.condition.lock.regain(this.lease, caller);
    this.pending = waiter as Waiter | undefined;
    return waiter;
  }

  private notHeld(caller: string): UsageError | undefined {
    if (this.held) return undefined;
    return new UsageError(
      this.lease.released
        ? `${caller} was called on a lease of ${this.condition.label()} that has been released: acquire it anew`
        : `${caller} was called while a wait() of the same lease is pending: acquire a lease for each task`,
    );
  }
}

/** A promise is always truthy, so an async predicate would never wait. */
function isTrue(answer: unknown): boolean {
  if (!isThenable(answer)) return Boolean(answer);
  throw new TypeError("waitFor(): the predicate returns true or false, got a promise");
}
