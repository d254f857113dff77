import { ambient } from "../context.ts";
import { WouldBlock } from "../errors.ts";
import { keepShapes } from "../kept-shapes.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import { parkIn, passedIn, refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { checkCount } from "./count.ts";
import { checkedName } from "../arguments.ts";
import { labelOf } from "./label.ts";
import { HeldLease, useLease, type Lease } from "./lease.ts";

/**
 * A number of permits, taken and given back one by one, first come, first served. Permits may also
 * be added that no lease stands for, so one task may let another go on. [L1, L2, L3]
 *
 * To bound how much is done at a time, take a `CapacityLimiter`: its total may change while in use.
 *
 * @example
 * const slots = new Semaphore(8);
 * await slots.use(() => download(url));
 */
export class Semaphore {
  /** What `value` never exceeds; undefined if nothing bounds it. */
  readonly maxValue: number | undefined;
  private readonly name: string | undefined;
  private readonly queue: WaitQueue<Lease>;
  private permits: number;

  /**
   * @param options `maxValue`: see there; `name`: for messages and tools
   * @throws RangeError unless `initialValue` is a whole number, 0 or more, and `maxValue` one that is
   * no smaller, or Infinity; TypeError for what is no number
   */
  constructor(initialValue: number, options?: { maxValue?: number; name?: string }) {
    checkCount(initialValue, "Semaphore: initialValue", { least: 0 });
    const maxValue = options?.maxValue;
    if (maxValue !== undefined) {
      checkCount(maxValue, "Semaphore: maxValue", { least: initialValue, orInfinity: true });
    }
    this.name = checkedName("Semaphore", options);
    this.maxValue = maxValue;
    this.permits = initialValue;
    this.queue = new WaitQueue(() => this.label());
    keepShapes(semaphoreShapes);
  }

  /** Permits that are free. While anybody waits there is none. */
  get value(): number {
    return this.permits;
  }

  /** Waits for a permit. A checkpoint. [K1, L1] */
  acquire(): Promise<Lease> {
    const scope = ambient.getStore();
    return refusedIn(scope) ?? this.acquireIn(scope);
  }

  /**
   * Takes a permit if one is free. No checkpoint. [K3]
   *
   * @throws WouldBlock if there is none, also while one is on its way to one who waits [L3]
   */
  acquireNowait(): Lease {
    const lease = this.tryAcquire();
    if (lease !== undefined) return lease;
    throw new WouldBlock(`${this.label()} has no permit left: await acquire() to wait for one`);
  }

  /**
   * Adds a permit that no lease stands for, directly to whoever waits longest. To give back what
   * was acquired, release its lease. No checkpoint. [K3, L3]
   *
   * @throws RangeError past `maxValue`
   */
  release(): void {
    const next = this.queue.first;
    if (next !== undefined) {
      next.resume(new HeldLease(this, undefined));
      return;
    }
    if (this.permits === this.maxValue) {
      throw new RangeError(
        `${this.label()} was released past its maxValue, ${this.maxValue}: ` +
          "release() adds a permit; to give back an acquired one, release its lease, once",
      );
    }
    this.permits++;
  }

  /**
   * Runs `body` while holding a permit; gives it back on return, throw and cancellation. A checkpoint. [L10]
   *
   * @throws what `body` throws; TypeError if it is no function
   */
  use<T>(body: () => T | PromiseLike<T>): Promise<T> {
    return useLease<Lease, T>(this, body, "Semaphore.use()");
  }

  /** How many wait at this moment. */
  statistics(): { tasksWaiting: number } {
    return { tasksWaiting: this.queue.size };
  }

  /** @internal */
  label(): string {
    return labelOf("Semaphore", this.name);
  }

  /** @internal */
  tryAcquire(): Lease | undefined {
    return this.permits > 0 ? this.grant() : undefined;
  }

  /** @internal */
  acquireIn(scope: CancelScope | undefined): Promise<Lease> {
    if (this.permits > 0) return passedIn(scope, this.grant());
    const waiter = parkIn<Lease>(scope);
    this.queue.push(waiter);
    return waiter.promise;
  }

  /** @internal A released lease is a permit added. */
  takeBack(): void {
    this.release();
  }

  private grant(): Lease {
    this.permits--;
    return new HeldLease(this, undefined);
  }
}

function semaphoreShapes(): unknown {
  return new Semaphore(1).acquireNowait();
}
