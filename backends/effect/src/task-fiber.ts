import type { HostedTask, Outcome } from "@anywhen/core";
import { Cause, Context, Effect, Exit, Fiber } from "effect";
import { causeOf, type ErrorMapping } from "./cause.ts";
import { rememberContext } from "./spawner-context.ts";
import { TaskName, TaskSpans } from "./task-references.ts";

/** The host handle of a task on this backend: the fiber that it is. */
export type TaskFiber = Fiber.Fiber<unknown, unknown>;

/**
 * The effect that is a task. It ends as the task does: with its value, with the cause of its error,
 * or interrupted where it was cancelled. Interrupting it cancels the task's scope, and it ends only
 * after the async function has unwound [B4, B18].
 *
 * `ended` hears of the task's end before the fiber ends. All is one step, `take` included, so that
 * no interruption can come between taking a task and running it.
 */
export function taskEffect(
  take: (fiber: TaskFiber) => HostedTask<TaskFiber>,
  mapping: ErrorMapping | undefined,
  ended: (task: HostedTask<TaskFiber>, outcome: Outcome) => void,
): Effect.Effect<unknown, unknown> {
  return Effect.callback((resume) => {
    const fiber = Fiber.getCurrent() as TaskFiber;
    const task = take(fiber);
    task.attach(fiber);
    // The async context is the spawner's here, as `run()` needs it.
    const done = task.run();
    void done.then((outcome) => {
      rememberContext(fiber);
      ended(task, outcome);
      resume(exitOf(outcome, fiber, mapping));
    });
    return Effect.suspend(() => {
      task.cancel(`fiber #${fiber.id} was interrupted`);
      return unwound(done, mapping);
    });
  });
}

/** The interrupted task has ended. Its value is lost, as Effect has it; an error of its cleanup is not. */
function unwound(done: Promise<Outcome>, mapping: ErrorMapping | undefined): Effect.Effect<void> {
  return Effect.callback((resume) => {
    void done.then((outcome) => {
      if (outcome.tag !== "failed") resume(Effect.void);
      // The type says that a finalizer cannot fail; the cause of the interruption takes it in.
      else resume(Effect.failCause(causeOf(outcome.error, mapping) as Cause.Cause<never>));
    });
  });
}

function exitOf(
  outcome: Outcome,
  fiber: TaskFiber,
  mapping: ErrorMapping | undefined,
): Exit.Exit<unknown, unknown> {
  if (outcome.tag === "ok") return Exit.succeed(outcome.value);
  if (outcome.tag === "cancelled") return Exit.interrupt(fiber.id);
  return Exit.failCause(causeOf(outcome.error, mapping));
}

/** Whatever a task throws is its fiber's failure: nothing says which errors were expected. */
const asFailure: ErrorMapping = (error) => error;

/** Starts a task as a fiber of its own, in `context`. */
export function startFiber(
  task: HostedTask<TaskFiber>,
  context: Context.Context<never>,
): TaskFiber {
  let outcome: Outcome | undefined;
  const body = taskEffect(
    () => task,
    asFailure,
    (_task, its) => {
      outcome = its;
    },
  );
  const named = Context.add(context, TaskName, task.name);
  const fiber = Effect.runForkWith(named)(
    Context.get(context, TaskSpans)
      ? Effect.withSpan(body, task.name, { attributes: { "anywhen.task.id": task.id } })
      : body,
  );
  // Once, after the fiber has ended, also if the body never began. It must not throw: Effect would
  // not call the observers after it. [B17]
  fiber.addObserver((exit) => task.settled(outcome ?? outcomeOf(exit)));
  return fiber;
}

/** What became of a task whose body never ended. */
function outcomeOf(exit: Exit.Exit<unknown, unknown>): Outcome {
  if (Exit.isSuccess(exit)) return { tag: "ok", value: exit.value };
  const error = Cause.squash(exit.cause);
  return { tag: Cause.hasInterruptsOnly(exit.cause) ? "cancelled" : "failed", error };
}
