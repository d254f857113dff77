import { type Backend, eventLoop, type HostedTask } from "@anywhen/core";
import { Clock, Context, Fiber, type Scope } from "effect";
import { CallingFiber } from "./calling-fiber.ts";
import { isAdjustable, timeOf } from "./clock-time.ts";
import { inheritedContext } from "./spawner-context.ts";
import { startFiber, type TaskFiber } from "./task-fiber.ts";
import { TaskSpans } from "./task-references.ts";
import { timelineOf } from "./timeline.ts";

export interface EffectBackendOptions {
  /**
   * What root tasks run in: services, clock, tracer, current span. From `Effect.context()`, from
   * `ManagedRuntime.context()` or built by hand. Default: nothing, on the live clock.
   */
  context?: Context.Context<never>;
  /** Gives each task a span. Default: what `TaskSpans` says in `context`. */
  spans?: boolean;
  /** Root tasks end with it: closing it interrupts them, and waits until they have unwound. */
  scope?: Scope.Scope;
}

/**
 * Tasks as Effect fibers: each has a fiber id, the name of its task, its spawner's services and
 * span, and counts in Effect's fiber metrics. Time is the `Clock` in `context`.
 *
 * Interrupting a fiber cancels the scope of its task alone; the fiber ends when the async function
 * has unwound, and with it all tasks below. A value that a task returns after its fiber was
 * interrupted is kept by this library, but lost to Effect: there, interruption wins.
 *
 * Inside an Effect program you need no backend: `toEffect()` finds the fiber's own.
 *
 * @example
 * await run(main, { backend: effectBackend({ context: await runtime.context() }) });
 */
export function effectBackend(options: EffectBackendOptions = {}): Backend<TaskFiber> {
  const context = contextOf(options);
  const clock = Context.get(context, Clock.Clock);
  const start = (task: HostedTask<TaskFiber>): TaskFiber =>
    startFiber(task, inheritedContext(task.spawner, context));

  return {
    name: "effect",
    capabilities: { virtualTime: isAdjustable(clock), deterministic: false, hostCancel: true },
    ...timeOf(clock, context),
    // Effect's own yield is a full turn of the event loop for each fiber.
    reschedule: eventLoop.reschedule,
    ...timelineOf(clock)?.members(),
    spawn: (task) => void start(task),
    run(task) {
      const spawner: unknown = task.spawner;
      if (spawner instanceof CallingFiber) return spawner.adopt(task);
      const fiber = start(task);
      if (options.scope !== undefined) Fiber.runIn(fiber, options.scope);
      return new Promise((resolve) => fiber.addObserver(() => resolve()));
    },
  };
}

function contextOf({
  context = Context.empty(),
  spans,
}: EffectBackendOptions): Context.Context<never> {
  const timeline = timelineOf(Context.get(context, Clock.Clock));
  const observed = timeline?.observed(context) ?? context;
  return spans === undefined ? observed : Context.add(observed, TaskSpans, spans);
}
