import { type EventLoop, eventLoop, type Timer } from "@anywhen/core";
import { Clock, Context, Duration, Effect, type Fiber } from "effect";

/** How a backend tells and keeps time, by one of Effect's clocks. */
export type ClockTime = Pick<EventLoop, "now" | "setTimer">;

/** The clock of every fiber that nobody has given another one. */
export const liveClock: Clock.Clock = Context.get(Context.empty(), Clock.Clock);

/** A clock that moves only when it is told to, as Effect's `TestClock` does. */
export interface AdjustableClock extends Clock.Clock {
  adjust(duration: Duration.Input): Effect.Effect<void>;
}

export function isAdjustable(clock: Clock.Clock): clock is AdjustableClock {
  return typeof (clock as Partial<AdjustableClock>).adjust === "function";
}

/**
 * Time by `clock`. The live one is the event loop's: the same time, and a timer costs a fifth of a
 * sleeping fiber. `context` is what timers sleep in: it brings the clock's own scheduler along.
 */
export function timeOf(clock: Clock.Clock, context: Context.Context<never>): ClockTime {
  if (clock === liveClock) return eventLoop;
  return {
    // Not `currentTimeMillisUnsafe`: that one follows the wall clock, which may be set back.
    now: () => Number(clock.monotonicTimeNanosUnsafe()) / nanosPerMs,
    setTimer: (delayMs, callback) => new ClockTimer(clock, context, delayMs, callback),
  };
}

const nanosPerMs = 1e6;

/** A fiber that sleeps. */
class ClockTimer implements Timer {
  #fiber: Fiber.Fiber<void> | undefined;
  #callback: (() => void) | undefined;

  constructor(
    clock: Clock.Clock,
    context: Context.Context<never>,
    delayMs: number,
    callback: () => void,
  ) {
    this.#callback = callback;
    // Rounded up to what the clock can show, so that it never fires before its time. [B15]
    const delay = Math.ceil(delayMs * nanosPerMs) / nanosPerMs;
    const fire = Effect.sync(() => this.#fire());
    let set = false;
    const rung = Effect.andThen(
      clock.sleep(Duration.millis(delay)),
      // A sleep of no time is over at once, but a timer never fires while it is being set. [B10]
      Effect.suspend(() => (set ? fire : Effect.andThen(Effect.yieldNow, fire))),
    );
    this.#fiber = Effect.runForkWith(context)(rung);
    set = true;
  }

  cancel(): void {
    this.#callback = undefined;
    this.#fiber?.interruptUnsafe();
    this.#fiber = undefined;
  }

  /** What the callback throws would be a defect that nobody looks at: it goes to the host instead. [B13] */
  #fire(): void {
    const callback = this.#callback;
    this.#callback = this.#fiber = undefined;
    try {
      callback?.();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
