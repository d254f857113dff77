import type { Backend } from "@anywhen/core";
import { Clock, Context, Scheduler } from "effect";
import { liveClock } from "./clock-time.ts";
import { effectBackend } from "./effect-backend.ts";
import type { TaskFiber } from "./task-fiber.ts";

const backends = new WeakMap<Clock.Clock, Backend<TaskFiber>>();

/**
 * The backend that all bridge calls on one clock share, so that they share its timers. It keeps
 * nothing of the fiber that happened to call first but the clock and its scheduler.
 */
export function sharedBackend(caller: Context.Context<never>): Backend<TaskFiber> {
  const clock = Context.get(caller, Clock.Clock);
  let shared = backends.get(clock);
  if (shared === undefined) {
    const context =
      clock === liveClock
        ? Context.empty()
        : Context.make(Clock.Clock, clock).pipe(
            Context.add(Scheduler.Scheduler, Context.get(caller, Scheduler.Scheduler)),
          );
    shared = effectBackend({ context });
    backends.set(clock, shared);
  }
  return shared;
}

/** What `run({ backend: "effect" })` and `ANYWHEN_BACKEND=effect` find: the backend on the live clock. */
export function backend(): Backend<TaskFiber> {
  return sharedBackend(Context.empty());
}
