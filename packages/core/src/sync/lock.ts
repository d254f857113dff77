import { ambient } from "../context.ts";
import { WouldBlock } from "../errors.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import { keepShapes } from "../kept-shapes.ts";
import { infoOf } from "../task/task-info.ts";
import type { Task } from "../task/task.ts";
import type { TaskInfo } from "../task/task-types.ts";
import { parkIn, passedIn, refusedIn, type Waiter } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { checkedName } from "../arguments.ts";
import { labelOf } from "./label.ts";
import { HeldLease, useLease, type Lease } from "./lease.ts";

/** A lease of a lock; its holder is the task that acquired it, which matters to people only. */
export type LockLease = HeldLease<Task | undefined>;

/** A lock at one moment. */
export interface LockStatistics {
  readonly locked: boolean;
  /** The task that acquired it; undefined outside every task. It may have given the lease away. */
  readonly owner: TaskInfo | undefined;
  readonly tasksWaiting: number;
}

/**
 * One lease at a time, first come, first served. It belongs to no task: whoever holds it and
 * acquires it again waits for ever. [L1, L2, L3]
 *
 * @example
 * const lock = new Lock();
 * await lock.use(async () => write(file, await read(file) + 1));
 * // or
 * using _ = await lock.acquire();
 */
export class Lock {
  private readonly name: string | undefined;
  /** Those that are to have a lease that was given up bring it along. */
  private readonly queue: WaitQueue<Lease>;
  /** @internal The lease that is held. From release to hand-over it is never undefined. [L3] */
  current: LockLease | undefined = undefined;

  /** @param options `name`: for messages and tools */
  constructor(options?: { name?: string }) {
    this.name = checkedName("Lock", options);
    this.queue = new WaitQueue(() => this.describe());
    keepShapes(lockShapes);
  }

  /** Whether somebody holds it. */
  get locked(): boolean {
    return this.current !== undefined;
  }

  /** Waits until nobody holds the lock and nobody has waited longer. A checkpoint. [K1, L1] */
  acquire(): Promise<Lease> {
    const scope = ambient.getStore();
    return refusedIn(scope) ?? this.acquireIn(scope);
  }

  /**
   * Takes the lock if nobody holds it. No checkpoint. [K3]
   *
   * @throws WouldBlock if it is held, or on its way to one who waits [L3]
   */
  acquireNowait(): Lease {
    const lease = this.tryAcquire(ambient.getStore()?.task);
    if (lease !== undefined) return lease;
    throw new WouldBlock(
      `acquireNowait() would have to wait for ${this.describe()}: await acquire() instead`,
    );
  }

  /**
   * Runs `body` while holding the lock; releases it on return, throw and cancellation. A checkpoint. [L10]
   *
   * @throws what `body` throws; TypeError if it is no function
   */
  use<T>(body: () => T | PromiseLike<T>): Promise<T> {
    return useLease<Lease, T>(this, body, "Lock.use()");
  }

  /** Who holds it and how many wait, at this moment. */
  statistics(): LockStatistics {
    const owner = this.current?.holder;
    return {
      locked: this.locked,
      owner: owner === undefined ? undefined : infoOf(owner),
      tasksWaiting: this.queue.size,
    };
  }

  /** @internal */
  label(): string {
    return labelOf("Lock", this.name);
  }

  /** @internal */
  tryAcquire(task: Task | undefined): Lease | undefined {
    return this.current === undefined ? this.grant(task) : undefined;
  }

  /** @internal */
  acquireIn(scope: CancelScope | undefined): Promise<Lease> {
    if (this.current === undefined) return passedIn(scope, this.grant(scope?.task));
    const waiter = parkIn<Lease>(scope);
    this.queue.push(waiter);
    return waiter.promise;
  }

  /** @internal Directly to the next: nobody can come between. [L3] */
  takeBack(): void {
    const next = this.queue.first;
    if (next === undefined) {
      this.current = undefined;
      return;
    }
    const lease = (next.item as LockLease | undefined) ?? new HeldLease(this, next.task);
    this.current = lease;
    next.resume(lease);
  }

  /**
   * @internal Queues up with a lease that was given up for a while; `caller` is the wait it comes
   * from. Cancellation does not take it out of the queue [L6]. Undefined if the lock was free.
   */
  regain(lease: LockLease, caller: Waiter): Waiter<Lease> | undefined {
    if (this.current === undefined) {
      this.current = lease;
      return undefined;
    }
    const waiter = caller.again<Lease>();
    waiter.item = lease;
    this.queue.push(waiter);
    return waiter;
  }

  private grant(task: Task | undefined): LockLease {
    this.current = new HeldLease(this, task);
    return this.current;
  }

  private describe(): string {
    const owner = this.current?.holder;
    return owner === undefined
      ? this.label()
      : `${this.label()} held by task ${JSON.stringify(owner.name)}`;
  }
}

function lockShapes(): unknown {
  return new Lock().acquireNowait();
}
