import { outside } from "./context.ts";
import { nextTurn, now } from "./host.ts";

/*
 * How long code that never waits may keep the event loop's timers and I/O from their turn. [K4] One
 * budget for all backends, because they share the loop.
 */

/** Steps that let nothing else through may delay timers and I/O by this long before a full turn is due. */
const turnBudgetMs = 2;
/** From then on every step waits for that turn; before, one of a stride does, which is cheaper for many tasks. */
const longestTurnMs = 8;
/** So many steps may pass between two looks at the clock, which costs as much as a step. */
const longestStride = 16;
/** And so many before the first look in a turn, so that steps of milliseconds are found out early. */
const firstStride = 4;

let turnStart = 0;
let inTurn = false;
/** Whether the budget is used up: the next `reschedule` is a full turn. */
let due = false;
/** Whether every step waits for that turn. */
let overdue = false;
let stride = firstStride;
let stepsLeft = firstStride;

const onTurn = (): void => {
  inTurn = due = overdue = false;
  stepsLeft = firstStride;
};

/** Whether timers and I/O have waited for so long that the event loop's next turn is due. */
export function turnIsDue(): boolean {
  return due;
}

/**
 * Charges one step that lets nothing else of the event loop run. True if it must wait for
 * `reschedule`, because timers and I/O have been kept from their turn for too long. [K4]
 */
export function turnIsOverdue(): boolean {
  return --stepsLeft <= 0 && turnIsOverdueNow();
}

/**
 * The same, by a look at the clock. The longer a turn lasts, the more steps pass between two looks:
 * they are short ones, or it would be over.
 */
export function turnIsOverdueNow(): boolean {
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
