import type { Timer } from "@anywhen/core";
import type { Subscription } from "rxjs";
import { reportUnhandled } from "./report-unhandled.ts";

/** The time a `SchedulerTimer` goes by. */
export interface TimerClock {
  now(): number;
  schedule(action: () => void, delayMs: number): Subscription;
  /** For what is left when the scheduler was early, or has lost the action. */
  again(leftMs: number, callback: () => void): Timer;
}

/**
 * A timer that keeps the contract whatever the scheduler does with its action.
 *
 * The action only opens a gate; the callback is a reaction to that. So it runs neither within
 * `schedule()` [B10] nor in the async context of whoever flushes the scheduler [B12], and throws into
 * no batch, of which it would take the rest along [B13]. The gate opens as well when the action is
 * torn down, because another one of its batch threw.
 */
export class SchedulerTimer implements Timer {
  readonly #clock: TimerClock;
  readonly #due: number;
  #callback: (() => void) | undefined;
  readonly #action: Subscription;
  #rest: Timer | undefined;

  constructor(clock: TimerClock, delayMs: number, callback: () => void) {
    this.#clock = clock;
    this.#due = clock.now() + delayMs;
    this.#callback = callback;
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    void gate.then(() => this.#opened());
    this.#action = clock.schedule(open, delayMs);
    this.#action.add(open);
  }

  cancel(): void {
    this.#callback = undefined;
    this.#action.unsubscribe();
    this.#rest?.cancel();
  }

  #opened(): void {
    this.#action.unsubscribe();
    if (this.#callback === undefined) return;
    const left = this.#due - this.#clock.now();
    if (left > 0) this.#rest = this.#clock.again(left, () => this.#ring());
    else this.#ring();
  }

  #ring(): void {
    const callback = this.#callback;
    this.#callback = undefined;
    try {
      callback?.();
    } catch (error) {
      reportUnhandled(error);
    }
  }
}
