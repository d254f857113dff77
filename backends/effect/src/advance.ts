import { eventLoop, UsageError } from "@anywhen/core";
import { Clock, type Context, Duration, Effect } from "effect";
import { type AdjustableClock, isAdjustable } from "./clock-time.ts";
import { type Timeline, timelineOf } from "./timeline.ts";

/**
 * Moves the `TestClock` on by `duration`, for tests of async functions. `TestClock.adjust` moves on
 * as soon as Effect has nothing to do, so a function that awaits anything else between two sleeps
 * (a timer, I/O, a promise of another library) finds that time has passed meanwhile. This waits until
 * every task waits, moves on to the next instant at which one is due, and so on; at the end, too.
 *
 * A task that awaits a promise of the outside holds the clock until that settles. After a second of
 * real time this is said in a warning. So a promise that only time can settle must be awaited as an
 * effect, through `fromEffect()`, or the time be moved by `TestClock.adjust`.
 *
 * Dies with a UsageError where the clock is no test clock.
 *
 * @example
 * const fiber = yield* Effect.forkChild(toEffect(poll));
 * yield* advance("1 hour");
 */
export function advance(duration: Duration.Input): Effect.Effect<void> {
  return Effect.flatMap(Clock.Clock, (clock) => {
    const timeline = timelineOf(clock);
    if (!isAdjustable(clock) || timeline === undefined) return Effect.die(noTestClock());
    return advanceOn(clock, timeline, Duration.toNanosUnsafe(Duration.fromInputUnsafe(duration)));
  });
}

function noTestClock(): UsageError {
  return new UsageError(
    "advance() moves a TestClock, and the clock here is another one: " +
      "provide TestClock.layer() from effect/testing to the test, or use it.effect of @effect/vitest",
  );
}

const advanceOn = Effect.fnUntraced(function* (
  clock: AdjustableClock,
  timeline: Timeline,
  duration: bigint,
) {
  const end = clock.monotonicTimeNanosUnsafe() + duration;
  for (;;) {
    yield* settled(clock, timeline);
    const now = clock.monotonicTimeNanosUnsafe();
    if (now >= end) return;
    const due = nanosOf(timeline.nextDue);
    const next = due !== undefined && due > now && due < end ? due : end;
    yield* clock.adjust(Duration.nanos(next - now));
  }
});

function nanosOf(ms: number): bigint | undefined {
  return Number.isFinite(ms) ? BigInt(Math.ceil(ms * 1e6)) : undefined;
}

/** Waits until nothing can go on without time passing: neither tasks and their effects, nor other fibers. */
const settled = Effect.fnUntraced(function* (clock: AdjustableClock, timeline: Timeline) {
  for (let quiet = 0; quiet < 2; quiet++) {
    if (timeline.busy) {
      quiet = 0;
      yield* quietness(timeline);
    }
    // A turn of the event loop: fibers begin, and the other branches of a waiting task run.
    yield* clock.adjust(0);
  }
});

/** Real time after which a clock that is held says so. */
const patienceMs = 1_000;

function quietness(timeline: Timeline): Effect.Effect<void> {
  return Effect.contextWith((context: Context.Context<never>) =>
    Effect.callback<void>((resume) => {
      const timer = eventLoop.setTimer(patienceMs, () => {
        Effect.runForkWith(context)(Effect.logWarning(heldBy(timeline.runnable)));
      });
      const forget = timeline.whenQuiet(() => {
        timer.cancel();
        resume(Effect.void);
      });
      return Effect.sync(() => {
        timer.cancel();
        forget();
      });
    }),
  );
}

function heldBy(tasks: number): string {
  const those = tasks === 1 ? "a task" : `${tasks} tasks`;
  return (
    `advance() waits for ${those} that awaits something outside of anywhen. If only the passing of ` +
    "time can settle it, await it through fromEffect(), or use TestClock.adjust() instead"
  );
}
