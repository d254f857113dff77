import { ambient } from "../context.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import { shown } from "../shown.ts";
import type { Task } from "../task/task.ts";
import { refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { HeldCondition, type ConditionLease, type Notified } from "./condition-lease.ts";
import { checkedName } from "../arguments.ts";
import { labelOf } from "./label.ts";
import { useLease, type Lease } from "./lease.ts";
import { Lock, type LockLease, type LockStatistics } from "./lock.ts";

/**
 * A lock and a place to wait, lock given up, until somebody who holds it says that something has
 * changed. [L6]
 *
 * @example
 * const changed = new Condition();
 * await changed.use((held) => held.waitFor(() => queue.length > 0)); // one task
 * await changed.use((held) => { queue.push(item); held.notify(); }); // another
 */
export class Condition {
  /** @internal */ readonly lock: Lock;
  /** @internal Those who wait to be notified; each brings its `PendingWait` along. */
  readonly queue: WaitQueue<Notified>;
  private readonly name: string | undefined;

  /**
   * @param lock one to share with others; default: one of its own
   * @param options `name`: for messages and tools
   * @throws TypeError if `lock` is none
   */
  constructor(lock?: Lock, options?: { name?: string }) {
    if (lock !== undefined && !(lock instanceof Lock)) {
      throw new TypeError(`Condition: lock is a Lock, got ${shown(lock)}`);
    }
    this.name = checkedName("Condition", options);
    this.lock = lock ?? new Lock(options);
    this.queue = new WaitQueue(() => this.label(), HeldCondition.interrupted);
  }

  /** Whether somebody holds the lock. */
  get locked(): boolean {
    return this.lock.locked;
  }

  /** Waits for the lock. A checkpoint. [K1, L1] */
  acquire(): Promise<ConditionLease> {
    const scope = ambient.getStore();
    return refusedIn(scope) ?? this.acquireIn(scope);
  }

  /**
   * Takes the lock if nobody holds it. No checkpoint. [K3]
   *
   * @throws WouldBlock if it is held, or on its way to one who waits [L3]
   */
  acquireNowait(): ConditionLease {
    return this.hold(this.lock.acquireNowait());
  }

  /**
   * Runs `body` while holding the lock; releases it on return, throw and cancellation. A checkpoint. [L10]
   *
   * @throws what `body` throws; TypeError if it is no function
   */
  use<T>(body: (held: ConditionLease) => T | PromiseLike<T>): Promise<T> {
    return useLease(this, body, "Condition.use()");
  }

  /** How many wait to be notified, and how the lock is; those notified wait for the lock. */
  statistics(): { tasksWaiting: number; lock: LockStatistics } {
    return { tasksWaiting: this.queue.size, lock: this.lock.statistics() };
  }

  /** @internal */
  label(): string {
    return labelOf("Condition", this.name);
  }

  /** @internal */
  tryAcquire(task: Task | undefined): ConditionLease | undefined {
    const lease = this.lock.tryAcquire(task);
    return lease && this.hold(lease);
  }

  /** @internal */
  acquireIn(scope: CancelScope | undefined): Promise<ConditionLease> {
    return this.lock.acquireIn(scope).then((lease) => this.hold(lease));
  }

  private hold(lease: Lease): ConditionLease {
    return new HeldCondition(this, lease as LockLease);
  }
}
