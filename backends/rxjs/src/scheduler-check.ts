import { UsageError } from "@anywhen/core";
import {
  animationFrameScheduler,
  asapScheduler,
  asyncScheduler,
  queueScheduler,
  type SchedulerLike,
  type VirtualTimeScheduler,
} from "rxjs";
import { shown } from "./shown.ts";

/** Schedulers whose clock is the wall clock, unless `TestScheduler.run()` has put itself in its place. */
const onWallClock: readonly SchedulerLike[] = [asyncScheduler, asapScheduler, queueScheduler];

/** A virtual clock stands near 0, a wall clock does not. */
const farFromWallClockMs = 3_600_000;

const testRun =
  "TestScheduler.run() is synchronous: what comes after the first await would run when it has put the " +
  "real clock back. Use the scheduler outside its run(): await run(main, { backend: " +
  "rxjsBackend({ scheduler: testScheduler }) }), then testScheduler.flush() to compare the marbles";

/** By its shape: a scheduler of another copy of RxJS is one as well. */
export function isVirtual(scheduler: SchedulerLike): scheduler is VirtualTimeScheduler {
  const candidate = scheduler as Partial<VirtualTimeScheduler>;
  return (
    typeof candidate.frame === "number" &&
    typeof candidate.maxFrames === "number" &&
    Array.isArray(candidate.actions)
  );
}

/**
 * Refuses what cannot host tasks, however it is wrapped.
 *
 * @throws UsageError; TypeError for what is no scheduler
 */
export function checkScheduler(scheduler: SchedulerLike): void {
  const candidate = scheduler as Partial<SchedulerLike> | null | undefined;
  if (typeof candidate?.schedule !== "function" || typeof candidate.now !== "function") {
    throw new TypeError(
      `rxjsBackend(): scheduler is a SchedulerLike, with now() and schedule(), got ${shown(scheduler)}`,
    );
  }
  if (scheduler === animationFrameScheduler) {
    throw new UsageError(
      "animationFrameScheduler cannot host tasks: its turns are the frames of a visible page, which " +
        "Node and a page in the background do not have. Use asyncScheduler for the tasks, and " +
        "observeOn(animationFrameScheduler) where their values are drawn",
    );
  }
  checkNotInTestRun(scheduler);
}

/** Inside `TestScheduler.run()` nothing asynchronous ends, on that scheduler or any other. @throws UsageError */
export function checkNotInTestRun(scheduler: SchedulerLike): void {
  const inRun = isVirtual(scheduler)
    ? (scheduler as { runMode?: boolean }).runMode === true
    : onWallClock.includes(scheduler) &&
      Math.abs(scheduler.now() - Date.now()) > farFromWallClockMs;
  if (inRun) throw new UsageError(testRun);
}
