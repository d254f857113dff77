import { outside } from "./context.ts";
import { nextTurn } from "./host.ts";

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

/** Steps that let nothing else through may delay timers and I/O by this long before a full turn is due. */
const turnBudgetMs = 2;
/** From then on every step waits for that turn; before, one of a stride does, which is cheaper for many tasks. */
const longestTurnMs = 8;
/** So many steps may pass between two looks at the clock, which costs as much as a step. */
const longestStride = 16;
/** And so many before the first look in a turn, so that steps of milliseconds are found out early. */
const firstStride = 4;
/** Of so many resumptions one waits for a turn that is overdue. */
const overdueStride = 8;

const { setTimeout, clearTimeout } = globalThis;
const soon = Promise.resolve();
/** Bound: called as a method it costs twice as much on Node 24. */
const now: () => number = globalThis.performance.now.bind(globalThis.performance);

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

let turnStart = 0;
let inTurn = false;
/** The next `reschedule` is a full turn. */
let due = false;
/** So is every step. */
let overdue = false;
let stride = firstStride;
let stepsLeft = firstStride;
let waitingForTurn = 0;

const onTurn = (): void => {
  inTurn = due = overdue = false;
  stepsLeft = firstStride;
};

/**
 * Charges one step that lets nothing else of the event loop run. True if it must wait for
 * `reschedule`, because timers and I/O have been kept from their turn for too long. [K4]
 */
export function turnIsOverdue(): boolean {
  return --stepsLeft <= 0 && looksOverdue();
}

/**
 * The same for a resumption, of which one call may make thousands: also in a turn that is overdue
 * not each of them waits, because a full turn each would cost more than what they do.
 */
export function resumptionIsOverdue(): boolean {
  if (--stepsLeft > 0) return false;
  if (!overdue) return looksOverdue();
  stepsLeft = overdueStride;
  return true;
}

/** The longer a turn lasts, the more steps pass between two looks: they are short ones, or it would be over. */
function looksOverdue(): boolean {
  if (overdue) return true;
  if (!inTurn) {
    inTurn = true;
    stride = 1;
    turnStart = now();
    outside(() => nextTurn(onTurn));
  } else {
    const elapsed = now() - turnStart;
    due = elapsed > turnBudgetMs;
    overdue = elapsed > longestTurnMs;
    if (stride < longestStride) stride *= 2;
  }
  stepsLeft = stride;
  return due;
}

/** Each callback is queued by itself, so it keeps its caller's async context and its own errors. */
function reschedule(callback: () => void): void {
  if (waitingForTurn === 0 && !due && !turnIsOverdue()) {
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
