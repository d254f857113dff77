import { notAConcurrency, notAFunction } from "../arguments.ts";
import { ambient } from "../context.ts";
import { shown } from "../shown.ts";
import { taskGroup } from "../task/task-group.ts";
import { TaskGroupError } from "../task/task-group-error.ts";
import type { TaskGroup, TaskHandle } from "../task/task-types.ts";
import { passedIn, pauseIn, refusedIn } from "../wait.ts";
import { type Input, inputFrom, type Pulled } from "./input.ts";

type Call<A, B> = (item: A, index: number) => B | PromiseLike<B>;

/**
 * Maps with at most `concurrency` calls in flight (default Infinity) and resolves with the results
 * in input order. The input is pulled lazily, by as many tasks, so an endless one costs no memory
 * beyond the results; left early, it is told so by `return()`, and a generator's cleanup is waited
 * for, unless it awaits something foreign. A checkpoint. [H1, H2, H3]
 *
 * @throws TaskGroupError with every error of `fn`, the input included: the first failure cancels the
 * rest; RangeError for a concurrency that is no positive integer or Infinity; TypeError for an input
 * that is not iterable
 *
 * @example
 * const pages = await mapConcurrent(urls, (url) => fetchPage(url), { concurrency: 8 });
 */
export async function mapConcurrent<A, B>(
  items: Iterable<A> | AsyncIterable<A>,
  fn: Call<A, B>,
  options: { concurrency?: number } = {},
): Promise<B[]> {
  const { concurrency = Infinity } = options;
  const wrong =
    notAFunction(fn, "mapConcurrent()") ?? notAConcurrency(concurrency, "mapConcurrent()");
  if (wrong !== undefined) throw wrong;
  const scope = ambient.getStore();
  const refusal = refusedIn(scope);
  if (refusal !== undefined) return refusal;
  const input = inputFrom(items);
  if (input === undefined) {
    throw new TypeError(
      `mapConcurrent() takes an iterable or async iterable of items, got ${shown(items)}`,
    );
  }
  const results: B[] = [];
  const workers: TaskHandle[] = [];
  try {
    await taskGroup((tg) => hire(tg, input, fn, results, workers, concurrency));
    // A worker that `fn` has cancelled by its scope has left items undone: that is no result.
    for (const worker of workers) void worker.returnValue;
  } catch (error) {
    throw await closedAfter(input, error);
  }
  await input.close();
  return results.length === 0 ? passedIn(scope, results) : results;
}

/** Closes the input after a failure; what that throws joins the failure, so none is lost. */
async function closedAfter(input: Input<unknown>, failure: unknown): Promise<unknown> {
  try {
    await input.close();
    return failure;
  } catch (error) {
    if (!(failure instanceof TaskGroupError)) return error;
    const names = [...failure.taskNames, "closing the input"];
    return new TaskGroupError([...failure.errors, error], failure.message, names);
  }
}

/** Starts workers while there is an item for another one; each goes on pulling until the end. */
async function hire<A, B>(
  tg: TaskGroup,
  input: Input<A>,
  fn: Call<A, B>,
  results: B[],
  workers: TaskHandle[],
  concurrency: number,
): Promise<void> {
  const scope = ambient.getStore();
  for (let hired = 0; hired < concurrency; hired++) {
    const pause = pauseIn(scope);
    if (pause !== undefined) await pause;
    const first = await input.pull();
    if (first === undefined) return;
    const name = `mapConcurrent-${hired + 1}`;
    workers.push(tg.startSoon(() => work(first, input, fn, results), { name }));
  }
}

async function work<A, B>(
  first: Pulled<A>,
  input: Input<A>,
  fn: Call<A, B>,
  results: B[],
): Promise<void> {
  const scope = ambient.getStore();
  for (let pulled = first; pulled !== undefined;) {
    results[pulled.index] = await fn(pulled.item, pulled.index);
    // What `fn` does may never wait, so this is a checkpoint between items. [K4]
    const pause = pauseIn(scope);
    if (pause !== undefined) await pause;
    const next = input.pull();
    pulled = next instanceof Promise ? await next : next;
  }
}
