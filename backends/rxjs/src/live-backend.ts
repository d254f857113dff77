import { type Backend, eventLoop } from "@anywhen/core";
import type { SchedulerLike, Subscription } from "rxjs";
import { reportUnhandled } from "./report-unhandled.ts";
import { checkNotInTestRun } from "./scheduler-check.ts";
import { SchedulerTimer, type TimerClock } from "./scheduler-timer.ts";
import { hostTask } from "./subscription-task.ts";

/** Tasks on a scheduler of the live event loop. */
export function liveBackend(scheduler: SchedulerLike): Backend<Subscription> {
  const clock: TimerClock = {
    // Not the scheduler's: that is `Date.now()`, which goes back when somebody sets the clock. [B15]
    now: eventLoop.now,
    // As for `setTimeout`, nothing is sooner than 1 ms: `schedule(action, 0)` runs at once on
    // queueScheduler [B10], and starves timers and I/O on asapScheduler [B14].
    schedule: (action, delayMs) => scheduler.schedule(action, Math.max(1, Math.ceil(delayMs))),
    again: eventLoop.setTimer,
  };
  return {
    name: "rxjs",
    capabilities: { virtualTime: false, deterministic: false, hostCancel: true },
    now: eventLoop.now,
    setTimer: (delayMs, callback) => new SchedulerTimer(clock, delayMs, callback),
    // No scheduler's: asap and queue let no timer through [B14], async costs 1 ms each.
    reschedule: eventLoop.reschedule,
    spawn(task) {
      void hostTask(task);
    },
    async run(task) {
      checkNotInTestRun(scheduler);
      await hostTask(task);
    },
    reportUnhandled,
  };
}
