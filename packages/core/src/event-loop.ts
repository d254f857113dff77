import { nextTurn, now } from "./host.ts";
import { turnIsDue, turnIsOverdue } from "./turn-budget.ts";

/** A host timer that has been set. */
export interface Timer {
  /** From here on the callback is neither called nor kept alive. Idempotent. */
  cancel(): void;
}

/** Clock, timer and turns of the live event loop, for backends that have none of their own. */
export interface EventLoop {
  /** Monotonic milliseconds, fractional. */
  now(): number;
  /** Calls back once, not before `delayMs` have passed by `now()`. [B15, B16] */
  setTimer(delayMs: number, callback: () => void): Timer;
  /** Calls back in a later turn, in order, as a microtask where that starves nobody. [B10-B14] */
  reschedule(callback: () => void): void;
  /** Calls back after one full turn: every microtask, timer and I/O that is ready comes first. */
  nextTurn(callback: () => void): void;
}

/** The longest delay `setTimeout` can hold; a longer one would fire at once. */
export const longestTimer: number = 2 ** 31 - 1;

const { setTimeout, clearTimeout } = globalThis;
const soon = Promise.resolve();

class LiveTimer implements Timer {
  readonly #due: number;
  #callback: (() => void) | undefined;
  #handle: ReturnType<typeof setTimeout>;

  constructor(delayMs: number, callback: () => void) {
    this.#due = now() + delayMs;
    this.#callback = callback;
    this.#handle = this.#arm(delayMs);
  }

  cancel(): void {
    clearTimeout(this.#handle);
    this.#callback = undefined;
  }

  #arm(delayMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#fire(), Math.min(Math.ceil(delayMs), longestTimer));
  }

  /** Node fires up to a millisecond early, and nothing can hold a delay past `longestTimer`. */
  #fire(): void {
    const left = this.#due - now();
    if (left > 0) this.#handle = this.#arm(left);
    else this.#callback?.();
  }
}

let waitingForTurn = 0;

/** Each callback is queued by itself, so it keeps its caller's async context and its own errors. */
function reschedule(callback: () => void): void {
  if (waitingForTurn === 0 && !turnIsDue() && !turnIsOverdue()) {
    // What it throws is an unhandled rejection. With `queueMicrotask` a checkpoint would take half as long again on Node.
    void soon.then(callback);
    return;
  }
  waitingForTurn++;
  nextTurn(() => {
    waitingForTurn--;
    callback();
  });
}

/** The host's event loop as a live backend uses it; backends share it, so they share its fairness. */
export const eventLoop: EventLoop = {
  now,
  setTimer: (delayMs, callback) => new LiveTimer(delayMs, callback),
  reschedule,
  nextTurn,
};
