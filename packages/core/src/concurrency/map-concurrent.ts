import { notAConcurrency, notAFunction } from "../arguments.ts";
import { ambient } from "../context.ts";
import { isCancelled } from "../scope/cancelled.ts";
import { taskGroup } from "../task/task-group.ts";
import { TaskGroupError } from "../task/task-group-error.ts";
import type { TaskGroup, TaskHandle } from "../task/task-types.ts";
import { followIn, parkIn, passedIn, pauseIn, refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { shown } from "../shown.ts";

type Source<A> = Iterable<A> | AsyncIterable<A>;
type Call<A, B> = (item: A, index: number) => B | PromiseLike<B>;

/** The input, pulled one item at a time by however many workers. */
class Input<A> {
  readonly #iterator: Iterator<A> | AsyncIterator<A>;
  readonly #isAsync: boolean;
  /** Workers whose pull must wait for another one's: not every async iterator takes overlapping calls. */
  readonly #turns: WaitQueue<void> = new WaitQueue();
  #pulling = false;
  #pulled = 0;
  #done = false;

  constructor(source: Source<A>) {
    this.#isAsync = isAsync(source);
    this.#iterator = this.#isAsync
      ? (source as AsyncIterable<A>)[Symbol.asyncIterator]()
      : (source as Iterable<A>)[Symbol.iterator]();
  }

  /** The next item with its index, or undefined at the end. */
  pull(): Pulled<A> | Promise<Pulled<A>> {
    if (this.#done) return undefined;
    if (this.#isAsync) return this.#pullInTurn(this.#iterator as AsyncIterator<A>);
    try {
      return this.#take((this.#iterator as Iterator<A>).next());
    } catch (error) {
      this.#done = true;
      throw error;
    }
  }

  /** Tells an input that was left early to clean up. */
  async close(): Promise<void> {
    if (this.#done && !this.#pulling) return;
    this.#done = true;
    const closing = this.#iterator.return?.();
    // An async generator answers `return()` only once a pending `next()` has settled, which for a
    // foreign source may be never.
    if (this.#pulling) void Promise.resolve(closing).catch(() => {});
    else await closing;
  }

  async #pullInTurn(iterator: AsyncIterator<A>): Promise<Pulled<A>> {
    const scope = ambient.getStore();
    if (this.#pulling) {
      const turn = parkIn<void>(scope);
      this.#turns.push(turn);
      await turn.promise;
      if (this.#done) return undefined;
    }
    this.#pulling = true;
    try {
      const result = this.#take(await followIn(scope, iterator.next(), "unseen"));
      this.#pulling = false;
      return result;
    } catch (error) {
      // Cancelled, it leaves a `next()` pending: whoever pulled now would overlap with it.
      if (!isCancelled(error)) this.#pulling = false;
      this.#done = true;
      throw error;
    } finally {
      if (this.#done) this.#turns.resumeAll();
      else this.#turns.first?.resume();
    }
  }

  #take({ done, value }: IteratorResult<A>): Pulled<A> {
    if (done === true) this.#done = true;
    return done === true ? undefined : { item: value, index: this.#pulled++ };
  }
}

type Pulled<A> = { readonly item: A; readonly index: number } | undefined;

/**
 * Maps with at most `concurrency` calls in flight (default Infinity) and resolves with the results
 * in input order. The input is pulled lazily, by as many tasks, so an endless one costs no memory
 * beyond the results; left early, it is told so by `return()`. A checkpoint. [H1, H2, H3]
 *
 * @throws TaskGroupError with every error of `fn`, the input included: the first failure cancels the
 * rest; RangeError for a concurrency that is no positive integer or Infinity; TypeError for an input
 * that is not iterable
 *
 * @example
 * const pages = await mapConcurrent(urls, (url) => fetchPage(url), { concurrency: 8 });
 */
export async function mapConcurrent<A, B>(
  items: Source<A>,
  fn: Call<A, B>,
  options: { concurrency?: number } = {},
): Promise<B[]> {
  const { concurrency = Infinity } = options;
  const wrong =
    notAFunction(fn, "mapConcurrent()") ?? notAConcurrency(concurrency, "mapConcurrent()");
  if (wrong !== undefined) throw wrong;
  if (!isIterable(items)) {
    throw new TypeError(
      `mapConcurrent() takes an iterable or async iterable of items, got ${shown(items)}`,
    );
  }
  const scope = ambient.getStore();
  await refusedIn(scope);
  const input = new Input(items);
  const results: B[] = [];
  const workers: TaskHandle[] = [];
  try {
    await taskGroup((tg) => hire(tg, input, fn, results, workers, concurrency));
  } catch (error) {
    throw await closedAfter(input, error);
  }
  // A worker that `fn` has cancelled by its scope has left items undone: that is no result.
  for (const worker of workers) void worker.returnValue;
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

function isAsync(value: unknown): value is AsyncIterable<unknown> {
  const source = value as Partial<AsyncIterable<unknown>> | null | undefined;
  return typeof source?.[Symbol.asyncIterator] === "function";
}

function isIterable(value: unknown): boolean {
  const source = value as Partial<Iterable<unknown>> | null | undefined;
  return isAsync(value) || typeof source?.[Symbol.iterator] === "function";
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
