import type { Backend } from "@anywhen/core";
import type { Subscription, VirtualTimeScheduler } from "rxjs";
import { onBehalfOf } from "./active-host.ts";
import { reportUnhandled } from "./report-unhandled.ts";
import { checkNotInTestRun } from "./scheduler-check.ts";
import { SchedulerTimer, type TimerClock } from "./scheduler-timer.ts";
import { hostTask } from "./subscription-task.ts";
import { TurnQueue } from "./turn-queue.ts";
import { VirtualDriver } from "./virtual-driver.ts";

/** Tasks in the time of a virtual scheduler, which moves when they all wait. */
export function virtualBackend(scheduler: VirtualTimeScheduler): Backend<Subscription> {
  const turns = new TurnQueue(() => driver.stir());
  const driver = new VirtualDriver(
    scheduler,
    () => turns.pending > 0,
    (step) => onBehalfOf(backend, step),
  );
  const clock: TimerClock = {
    now: () => scheduler.now(),
    schedule: (action, delayMs) => scheduler.schedule(action, delayMs),
    again: setTimer,
  };

  function setTimer(delayMs: number, callback: () => void): SchedulerTimer {
    driver.stir();
    return new SchedulerTimer(clock, delayMs, callback);
  }

  const backend: Backend<Subscription> = {
    name: "rxjs",
    capabilities: { virtualTime: true, deterministic: true, hostCancel: true },
    now: clock.now,
    setTimer,
    reschedule: (callback) => turns.add(callback),
    spawn(task) {
      void hostTask(task);
    },
    async run(task) {
      checkNotInTestRun(scheduler);
      await driver.during(hostTask(task));
    },
    idle: () => driver.stir(),
    bind: (core) => driver.bind(core),
    reportUnhandled,
  };
  return backend;
}
