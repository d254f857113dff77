import { type Effect } from "effect";
import { awaitEffect } from "./await-effect.ts";
import { currentFiber } from "./current-fiber.ts";
import { inheritedContext } from "./spawner-context.ts";

/**
 * Awaits an effect in a task on the Effect backend, in the context of the task's fiber: its services,
 * clock, references and current span. A checkpoint: when a scope around it is cancelled, the effect
 * is interrupted, its finalizers are awaited, and the call throws `Cancelled`. [K1, K2]
 *
 * What async code needs from a fiber must have been given to it: the types know of no services here.
 * For an effect that needs some, take the `run` that `toEffect()` hands to its function.
 *
 * @throws the effect's failure or its defect, the same object; a `TaskGroupError` for several;
 * `EffectInterruptedError` if the effect was interrupted by anybody but this call's scope;
 * UsageError outside a task on the Effect backend
 *
 * @example
 * const user = await fromEffect(Effect.retry(fetchUser, Schedule.recurs(3)));
 */
export function fromEffect<A, E>(effect: Effect.Effect<A, E>): Promise<A> {
  return awaitEffect(effect, () => {
    const fiber = currentFiber("fromEffect()");
    return inheritedContext(fiber, fiber.context);
  });
}
