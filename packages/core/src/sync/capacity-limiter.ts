import { shown } from "../shown.ts";
import { ambient } from "../context.ts";
import { UsageError, WouldBlock } from "../errors.ts";
import { keepShapes } from "../kept-shapes.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import { parkIn, passedIn, refusedIn, type Waiter } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { checkCount } from "./count.ts";
import { checkedName } from "../arguments.ts";
import { labelOf } from "./label.ts";
import { HeldLease, useLease, type Lease } from "./lease.ts";

/** Stands for the caller of an acquire that names no borrower; every call is a borrower of its own. */
class AnonymousBorrower {}

/** A limiter at one moment. */
export interface CapacityLimiterStatistics {
  readonly borrowedTokens: number;
  readonly totalTokens: number;
  /** Who holds a token, in the order they got it; an object without identity for each plain `acquire()`. */
  readonly borrowers: readonly object[];
  readonly tasksWaiting: number;
}

/**
 * Bounds how many may do something at a time; the bound may change while in use. First come, first
 * served. [L1, L2, L3, L5]
 *
 * @example
 * const limiter = new CapacityLimiter(4);
 * await limiter.use(() => resize(image));
 * limiter.totalTokens = 8; // four more of those who wait go on
 */
export class CapacityLimiter {
  private readonly name: string | undefined;
  private readonly queue: BorrowerQueue;
  private readonly borrowers = new Set<object>();
  private total: number;

  /**
   * @param options `name`: for messages and tools
   * @throws RangeError unless `totalTokens` is a whole number, 0 or more, or Infinity; TypeError for
   * what is no number
   */
  constructor(totalTokens: number, options?: { name?: string }) {
    checkTotal(totalTokens);
    this.total = totalTokens;
    this.name = checkedName("CapacityLimiter", options);
    this.queue = new BorrowerQueue(() => this.label());
    keepShapes(limiterShapes);
  }

  /**
   * How many may borrow at a time. Raised, it wakes as many who wait; lowered, it revokes nothing,
   * and nobody gets a token before enough have come back. [L5]
   *
   * @throws RangeError and TypeError as the constructor does
   */
  get totalTokens(): number {
    return this.total;
  }
  set totalTokens(total: number) {
    checkTotal(total);
    this.total = total;
    this.serve();
  }

  get borrowedTokens(): number {
    return this.borrowers.size;
  }

  /** Negative while more are borrowed than a lowered total admits. */
  get availableTokens(): number {
    return this.total - this.borrowers.size;
  }

  /** Waits for a token. A checkpoint. [K1, L1] */
  acquire(): Promise<Lease> {
    const scope = ambient.getStore();
    return refusedIn(scope) ?? this.acquireIn(scope);
  }

  /**
   * Takes a token if one is free. No checkpoint. [K3]
   *
   * @throws WouldBlock if there is none, also while one is on its way to one who waits [L3]
   */
  acquireNowait(): Lease {
    return this.borrowNow(new AnonymousBorrower());
  }

  /**
   * Waits for a token for `borrower`, any object: a connection, a request. A checkpoint.
   *
   * @throws UsageError if it has one already, or waits for one; TypeError if it is no object
   */
  acquireOnBehalfOf(borrower: object): Promise<Lease> {
    const wrong = notABorrower(borrower);
    if (wrong !== undefined) return Promise.reject(wrong);
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    const twice = this.borrowsAlready(borrower);
    return twice === undefined ? this.borrow(scope, borrower) : Promise.reject(twice);
  }

  /**
   * Takes a token for `borrower` if one is free. No checkpoint. [K3]
   *
   * @throws WouldBlock if there is none; UsageError if the borrower has one already, or waits for
   * one; TypeError if it is no object
   */
  acquireOnBehalfOfNowait(borrower: object): Lease {
    const wrong = notABorrower(borrower) ?? this.borrowsAlready(borrower);
    if (wrong !== undefined) throw wrong;
    return this.borrowNow(borrower);
  }

  /**
   * Runs `body` while holding a token; gives it back on return, throw and cancellation. A checkpoint. [L10]
   *
   * @throws what `body` throws; TypeError if it is no function
   */
  use<T>(body: () => T | PromiseLike<T>): Promise<T> {
    return useLease<Lease, T>(this, body, "CapacityLimiter.use()");
  }

  /** Who borrows and how many wait, at this moment. */
  statistics(): CapacityLimiterStatistics {
    return {
      borrowedTokens: this.borrowers.size,
      totalTokens: this.total,
      borrowers: [...this.borrowers],
      tasksWaiting: this.queue.size,
    };
  }

  /** @internal */
  label(): string {
    return labelOf("CapacityLimiter", this.name);
  }

  /** @internal */
  tryAcquire(): Lease | undefined {
    return this.availableTokens > 0 ? this.grant(new AnonymousBorrower()) : undefined;
  }

  /** @internal */
  acquireIn(scope: CancelScope | undefined): Promise<Lease> {
    return this.borrow(scope, new AnonymousBorrower());
  }

  /** @internal */
  takeBack(borrower: object): void {
    this.borrowers.delete(borrower);
    this.serve();
  }

  private borrow(scope: CancelScope | undefined, borrower: object): Promise<Lease> {
    if (this.availableTokens > 0) return passedIn(scope, this.grant(borrower));
    const waiter = parkIn<Lease>(scope);
    waiter.item = borrower;
    this.queue.push(waiter);
    return waiter.promise;
  }

  private borrowNow(borrower: object): Lease {
    if (this.availableTokens > 0) return this.grant(borrower);
    throw new WouldBlock(
      `${this.label()} has lent ${this.borrowers.size} of its ${this.total} tokens: await acquire() to wait for one`,
    );
  }

  /** Hands tokens to those who wait while there are any. [L3] */
  private serve(): void {
    for (
      let next = this.queue.first;
      next !== undefined && this.availableTokens > 0;
      next = this.queue.first
    ) {
      next.resume(this.grant(next.item as object));
    }
  }

  private grant(borrower: object): Lease {
    this.borrowers.add(borrower);
    return new HeldLease(this, borrower);
  }

  private borrowsAlready(borrower: object): UsageError | undefined {
    const holds = this.borrowers.has(borrower);
    if (!holds && !this.queue.borrowers.has(borrower)) return undefined;
    return new UsageError(
      `${shown(borrower)} ${holds ? "holds a token of" : "waits for a token of"} ${this.label()} already: ` +
        "one token a borrower; use another object as the borrower, or acquire()",
    );
  }
}

/** Those who wait, and for whom: a borrower that waits is known as well as one that holds. */
class BorrowerQueue extends WaitQueue<Lease> {
  readonly borrowers = new Set<object>();

  override push(waiter: Waiter<Lease>): void {
    super.push(waiter);
    if (!waiter.settled) this.borrowers.add(waiter.item as object);
  }

  override remove(waiter: Waiter<Lease>): void {
    this.borrowers.delete(waiter.item as object);
    super.remove(waiter);
  }
}

function checkTotal(total: unknown): void {
  checkCount(total, "CapacityLimiter: totalTokens", { least: 0, orInfinity: true });
}

function notABorrower(borrower: unknown): TypeError | undefined {
  if ((typeof borrower === "object" && borrower !== null) || typeof borrower === "function")
    return undefined;
  return new TypeError(`acquireOnBehalfOf(): the borrower is an object, got ${shown(borrower)}`);
}

function limiterShapes(): unknown {
  return new CapacityLimiter(1).acquireNowait();
}
