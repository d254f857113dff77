import { isThenable, notAFunction } from "../arguments.ts";
import { ambient } from "../context.ts";
import { UsageError } from "../errors.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import type { Task } from "../task/task.ts";
import { refusedIn, turnIn } from "../wait.ts";

/**
 * What an acquire returns: whoever has it, holds. It belongs to no task, because JavaScript tasks
 * branch, so any code may release it. [L2]
 *
 * Release it by `using`, or by hand. Releasing by hand a lease that is declared with `using` is
 * fine: leaving the block then does nothing.
 */
export interface Lease extends Disposable {
  /**
   * Gives back what was acquired, directly to whoever waits longest. No checkpoint. [K3, L3]
   *
   * @throws UsageError on a second call
   */
  release(): void;
  /** Releases, unless that has been done. Idempotent. */
  [Symbol.dispose](): void;
}

/** What hands out leases and takes them back. */
export interface Lessor<H> {
  /** The lease that `holder` had has been released. */
  takeBack(holder: H): void;
  /** How messages name it. */
  label(): string;
}

/** The one kind of lease; `holder` is whatever its lessor wants to know on its return. */
export class HeldLease<H> implements Lease {
  readonly holder: H;
  /** @internal */ released = false;
  private readonly lessor: Lessor<H>;

  constructor(lessor: Lessor<H>, holder: H) {
    this.lessor = lessor;
    this.holder = holder;
  }

  release(): void {
    if (this.released) throw releasedTwice(this.lessor.label());
    this.released = true;
    this.lessor.takeBack(this.holder);
  }

  [Symbol.dispose](): void {
    if (!this.released) this.release();
  }
}

/** @returns the error for a second `release()` */
export function releasedTwice(label: string): UsageError {
  return new UsageError(
    `a lease of ${label} was released a second time: each acquire is released once, ` +
      "by `using`, by use(), or by one release()",
  );
}

/** What `use()` needs of a primitive. */
export interface Lender<L extends Lease> {
  /** @internal The lease if it can be had at once, as `acquireNowait`, but without throwing. */
  tryAcquire(task: Task | undefined): L | undefined;
  /** @internal As `acquire`, for a caller in `scope` that has not been cancelled. */
  acquireIn(scope: CancelScope | undefined): Promise<L>;
}

/**
 * Acquires, runs `body`, and releases however `body` ends: by return, throw or cancellation. [L10]
 * Where nobody holds and no turn of the event loop is due, the body starts inside this call: that
 * makes an uncontended use three times as fast as one that awaits its lease.
 */
export function useLease<L extends Lease, T>(
  lender: Lender<L>,
  body: (lease: L) => T | PromiseLike<T>,
  caller: string,
): Promise<T> {
  const wrong = notAFunction(body, caller);
  if (wrong !== undefined) return Promise.reject(wrong);
  const scope = ambient.getStore();
  const refusal = refusedIn(scope);
  if (refusal !== undefined) return refusal;
  const lease = lender.tryAcquire(scope?.task);
  if (lease === undefined) return holdingLater(lender.acquireIn(scope), body);
  const pause = turnIn(scope);
  return pause === undefined ? holding(lease, body) : holdingAfter(pause, lease, body);
}

async function holdingAfter<L extends Lease, T>(
  pause: Promise<void>,
  lease: L,
  body: (lease: L) => T | PromiseLike<T>,
): Promise<T> {
  await pause;
  return holding(lease, body);
}

async function holdingLater<L extends Lease, T>(
  acquired: Promise<L>,
  body: (lease: L) => T | PromiseLike<T>,
): Promise<T> {
  const lease = await acquired;
  try {
    return await body(lease);
  } finally {
    lease[Symbol.dispose]();
  }
}

function holding<L extends Lease, T>(lease: L, body: (lease: L) => T | PromiseLike<T>): Promise<T> {
  let result: T | PromiseLike<T>;
  try {
    result = body(lease);
    if (!isThenable(result)) {
      lease[Symbol.dispose]();
      return Promise.resolve(result);
    }
  } catch (error) {
    result = Promise.reject(error);
  }
  return heldUntil(result, lease);
}

async function heldUntil<T>(result: T | PromiseLike<T>, lease: Lease): Promise<T> {
  try {
    return await result;
  } finally {
    lease[Symbol.dispose]();
  }
}
