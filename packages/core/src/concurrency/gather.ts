import { checkedFunctions } from "../arguments.ts";
import { ambient } from "../context.ts";
import { taskGroup } from "../task/task-group.ts";
import type { TaskHandle } from "../task/task-types.ts";
import { passedIn, refusedIn } from "../wait.ts";

/** A function that a helper runs as a task. */
export type Fn<T> = () => T | PromiseLike<T>;

/**
 * Runs all functions as tasks and resolves with the tuple of their results; the first failure
 * cancels the rest. Of nothing it resolves with `[]`. A checkpoint. [H1, H3]
 *
 * @throws TaskGroupError with every error; TypeError if one is no function
 *
 * @example
 * const [user, orders] = await gather(() => fetchUser(id), () => fetchOrders(id));
 */
export async function gather<const F extends readonly Fn<unknown>[]>(
  ...fns: F
): Promise<{ -readonly [K in keyof F]: Awaited<ReturnType<F[K]>> }> {
  checkedFunctions(fns, "gather()");
  const scope = ambient.getStore();
  await (refusedIn(scope) ?? (fns.length === 0 ? passedIn(scope, undefined) : undefined));
  let handles: TaskHandle[] = [];
  await taskGroup((tg) => {
    handles = fns.map((fn) => tg.startSoon(fn));
  });
  return handles.map((handle) => handle.returnValue) as never;
}
