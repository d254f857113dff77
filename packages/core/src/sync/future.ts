import { shown } from "../shown.ts";
import { ambient } from "../context.ts";
import { FutureCancelled, FutureFailed, UsageError } from "../errors.ts";
import { parkIn, passedIn, refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { checkedName } from "../arguments.ts";
import { labelOf } from "./label.ts";

/** Where a future stands; all but "pending" are final. */
export type FutureState = "pending" | "finished" | "failed" | "cancelled";

/**
 * A value that one task will provide and others wait for. Waiting never cancels it. A failed future
 * that nobody waits for raises no unhandled rejection. [L8]
 *
 * @example
 * const address = new Future<string>();
 * tg.startSoon(async () => { address.setResult(await listen()); });
 * await connect(await address.wait());
 */
export class Future<T> {
  private readonly name: string | undefined;
  private readonly queue: WaitQueue<T>;
  private standing: FutureState = "pending";
  private value: T | undefined = undefined;
  /** The error it failed with, or the reason it was cancelled for. */
  private cause: unknown = undefined;

  /** @param options `name`: for messages and tools */
  constructor(options?: { name?: string }) {
    this.name = checkedName("Future", options);
    this.queue = new WaitQueue(() => this.label());
  }

  get state(): FutureState {
    return this.standing;
  }

  /**
   * Gives `value` to all who wait and to all who will. No checkpoint. [K3]
   *
   * @throws UsageError if the future has been set or cancelled before
   */
  setResult(value: T): void {
    this.settle("setResult()", "finished");
    this.value = value;
    this.queue.resumeAll(value);
  }

  /**
   * Lets every wait throw `FutureFailed` with `error` as its cause. No checkpoint. [K3]
   *
   * @throws UsageError if the future has been set or cancelled before
   */
  setError(error: unknown): void {
    this.settle("setError()", "failed");
    this.cause = error;
    this.failAll();
  }

  /**
   * Lets every wait throw `FutureCancelled`. Does nothing to a future that has been set or cancelled
   * before, so a provider may call it in its `finally`. No checkpoint. [K3]
   */
  cancel(reason?: unknown): void {
    if (this.standing !== "pending") return;
    this.standing = "cancelled";
    this.cause = reason;
    this.failAll();
  }

  /**
   * Waits for the value. A checkpoint, also when it is there already. [K1]
   *
   * @throws FutureFailed, FutureCancelled
   */
  wait(): Promise<T> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    if (this.standing === "finished") return passedIn(scope, this.value as T);
    if (this.standing !== "pending") {
      return passedIn<void>(scope, undefined).then(() => Promise.reject(this.failure()));
    }
    const waiter = parkIn<T>(scope);
    this.queue.push(waiter);
    return waiter.promise;
  }

  /** How many wait at this moment. */
  statistics(): { tasksWaiting: number } {
    return { tasksWaiting: this.queue.size };
  }

  private settle(caller: string, state: FutureState): void {
    if (this.standing !== "pending") {
      throw new UsageError(
        `${caller} was called on ${this.label()}, which is ${this.standing} already: ` +
          "a future is set once; look at its state first if somebody else may have set it",
      );
    }
    this.standing = state;
  }

  private failAll(): void {
    for (let waiter = this.queue.first; waiter !== undefined; waiter = this.queue.first) {
      waiter.fail(this.failure());
    }
  }

  /** A fresh error for each wait, so that nobody's changes to it reach another. */
  private failure(): FutureFailed {
    const { cause } = this;
    const why = cause instanceof Error ? cause.message : shown(cause);
    if (this.standing === "failed")
      return new FutureFailed(`${this.label()} failed: ${why}`, { cause });
    return new FutureCancelled(
      `${this.label()} was cancelled${cause === undefined ? "" : `: ${why}`}`,
      { cause },
    );
  }

  private label(): string {
    return labelOf("Future", this.name);
  }
}
