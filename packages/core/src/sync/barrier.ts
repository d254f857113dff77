import { ambient } from "../context.ts";
import { parkIn, passedIn, refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { checkCount } from "./count.ts";
import { checkedName } from "../arguments.ts";
import { labelOf } from "./label.ts";

/**
 * A meeting point: nobody goes on before all have come. It can be used again and again. [L9]
 *
 * @example
 * const barrier = new Barrier(workers.length);
 * // in each worker, between two rounds:
 * if ((await barrier.wait()) === 0) report();
 */
export class Barrier {
  /** How many have to come. */
  readonly parties: number;
  private readonly queue: WaitQueue<number>;

  /**
   * @param options `name`: for messages and tools
   * @throws RangeError unless `parties` is a positive whole number; TypeError for what is no number
   */
  constructor(parties: number, options?: { name?: string }) {
    checkCount(parties, "Barrier: parties", { least: 1 });
    const name = checkedName("Barrier", options);
    this.parties = parties;
    this.queue = new WaitQueue(() => {
      const label = labelOf("Barrier", name);
      return `${label}, where ${this.waiting} of ${this.parties} have come`;
    });
  }

  /** How many have come and wait for the others. */
  get waiting(): number {
    return this.queue.size;
  }

  /**
   * Waits until all have come; the last does not wait. Resolves with this caller's place, 0 for the
   * first of those who are there to `parties - 1` for the last: one that was cancelled has left and
   * another must come. A checkpoint. [K1, L9]
   */
  wait(): Promise<number> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    if (this.queue.size === this.parties - 1) {
      this.releaseAll();
      return passedIn(scope, this.parties - 1);
    }
    const waiter = parkIn<number>(scope);
    this.queue.push(waiter);
    return waiter.promise;
  }

  /** How many wait at this moment. */
  statistics(): { tasksWaiting: number } {
    return { tasksWaiting: this.queue.size };
  }

  private releaseAll(): void {
    let place = 0;
    for (let waiter = this.queue.first; waiter !== undefined; waiter = this.queue.first)
      waiter.resume(place++);
  }
}
