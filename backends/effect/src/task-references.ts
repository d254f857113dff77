import { Context } from "effect";

/**
 * The name of the task that a fiber is; undefined for other fibers. Inherited by the fibers that a
 * task's effects fork, so that a logger or a supervisor can tell to which task they belong.
 *
 * @example
 * Logger.make(({ fiber, message }) => console.log(fiber.getRef(TaskName), message));
 */
export const TaskName: Context.Reference<string | undefined> = Context.Reference<
  string | undefined
>("@anywhen/effect/TaskName", { defaultValue: () => undefined });

/**
 * Whether tasks get a span each: it has the task's name, lies inside the span of the task that
 * started it, and ends as the task does. Off unless somebody asks: a span costs several times what
 * a task does. Inherited by the tasks that a task starts.
 *
 * @example
 * program.pipe(Effect.provideService(TaskSpans, true));
 */
export const TaskSpans: Context.Reference<boolean> = Context.Reference<boolean>(
  "@anywhen/effect/TaskSpans",
  { defaultValue: () => false },
);
