import type { Context } from "effect";
import type { TaskFiber } from "./task-fiber.ts";

/** On the fiber itself: a WeakMap costs as much as the rest of a task does. */
const remembered: unique symbol = Symbol("context of the task when it ended");

interface Ending extends TaskFiber {
  [remembered]?: Context.Context<never>;
}

/**
 * Keeps the context of a task that is about to end, because its fiber will not: its callbacks may
 * still start tasks in a group.
 */
export function rememberContext(fiber: Ending): void {
  fiber[remembered] = fiber.context;
}

/** What a task or an effect inherits from the fiber that starts it; `otherwise` if no fiber does. */
export function inheritedContext(
  spawner: Ending | undefined,
  otherwise: Context.Context<never>,
): Context.Context<never> {
  if (spawner === undefined) return otherwise;
  // A fiber that goes on has another context for each effect in it: that of now counts.
  return spawner.pollUnsafe() === undefined ? spawner.context : (spawner[remembered] ?? otherwise);
}
