import { checkpoint, Event, isCancelled, shield, throwIfCancelled } from "@anywhen/core";
import { Cause, Clock, Context, Effect, Exit, type Fiber } from "effect";
import { errorOf } from "./cause.ts";
import { timelineOf } from "./timeline.ts";

/**
 * Runs an effect and waits for it, as a checkpoint [K1]. If the scope around the call is cancelled
 * meanwhile, it interrupts the effect and waits until that has ended; an error of its finalizers is
 * thrown instead of the `Cancelled`, so that none is lost. `contextOf` is asked once it may begin.
 *
 * To the core it is a wait among others, not the awaiting of a foreign promise: a task that waits
 * for `Effect.sleep` must not hold the test clock.
 */
export async function awaitEffect<A, E>(
  effect: Effect.Effect<A, E>,
  contextOf: () => Context.Context<never>,
): Promise<A> {
  await refusedWhereCancelled();
  const context = contextOf();
  const timeline = timelineOf(Context.get(context, Clock.Clock));
  const fiber = Effect.runForkWith(timeline?.observed(context) ?? context)(effect);
  const ended = new Event();
  fiber.addObserver(() => ended.set());
  let cancelled: unknown;
  try {
    await ended.wait();
  } catch (error) {
    cancelled = error;
    await interrupt(fiber, ended, error);
  }
  const exit = fiber.pollUnsafe() as Exit.Exit<A, E>;
  // What has taken effect returns, cancelled or not: the next checkpoint throws. [K2]
  if (Exit.isSuccess(exit)) return exit.value;
  if (cancelled !== undefined && Cause.hasInterruptsOnly(exit.cause)) throw cancelled;
  throw errorOf(exit.cause);
}

/** Looks before anything begins; only a checkpoint that throws is charged for throwing. [C13, C22] */
async function refusedWhereCancelled(): Promise<void> {
  try {
    throwIfCancelled();
  } catch (error) {
    await checkpoint();
    throw error;
  }
}

async function interrupt(
  fiber: Fiber.Fiber<unknown, unknown>,
  ended: Event,
  why: unknown,
): Promise<void> {
  fiber.interruptUnsafe();
  // The scope around the call has ended: nobody is left to wait. [C22]
  if (!isCancelled(why)) throw why;
  if (!ended.isSet) await shield(() => ended.wait());
}
