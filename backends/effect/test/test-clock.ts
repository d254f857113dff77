import type { Backend } from "@anywhen/core";
import { type Context, Effect, Exit, Layer, Scope } from "effect";
import { TestClock } from "effect/testing";
import { advance, effectBackend, type TaskFiber } from "../src/index.ts";

/** A context on a fresh test clock, as `TestClock.layer()` provides it, and what ends it. */
export function testContext(): { context: Context.Context<never>; dispose(): Promise<void> } {
  const scope = Scope.makeUnsafe();
  const context = Effect.runSync(Layer.buildWithScope(TestClock.layer(), scope));
  return { context, dispose: () => Effect.runPromise(Scope.close(scope, Exit.void)) };
}

/** Runs an effect as a test on a test clock would. */
export function onTestClock<A, E>(effect: Effect.Effect<A, E>): Promise<A> {
  return Effect.runPromise(effect.pipe(Effect.provide(TestClock.layer())));
}

/**
 * The backend on a test clock that moves by itself, by `advance()`, to the next instant for which a
 * timer is set. A suite that knows nothing of test clocks can run on it.
 */
export function selfAdvancing(context: Context.Context<never>): Backend<TaskFiber> {
  const inner = effectBackend({ context });
  const timers = new Set<{ readonly due: number }>();
  let moving = false;

  async function move(): Promise<void> {
    moving = true;
    while (timers.size > 0) {
      const due = Math.min(...[...timers].map((timer) => timer.due));
      await Effect.runPromiseWith(context)(advance(Math.max(0, due - inner.now())));
    }
    moving = false;
  }

  return {
    ...inner,
    setTimer(delayMs, callback) {
      const entry = { due: inner.now() + delayMs };
      const timer = inner.setTimer(delayMs, () => {
        timers.delete(entry);
        callback();
      });
      timers.add(entry);
      if (!moving) void move();
      return {
        cancel() {
          timers.delete(entry);
          timer.cancel();
        },
      };
    },
  };
}
