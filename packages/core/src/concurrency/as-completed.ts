import { checkIterable, notAConcurrency, notAFunction } from "../arguments.ts";
import { ambient } from "../context.ts";
import { Ring } from "../stream/ring.ts";
import type { Task, TaskOwner } from "../task/task.ts";
import { Group } from "../task/task-group.ts";
import type { TaskHandle } from "../task/task-types.ts";
import { parkIn, parkUncancellable, passedIn, refusedIn, type Waiter } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import type { Fn } from "./gather.ts";

/** One loop over finished tasks: a group that is open from the first `next()` to the end of the loop. */
class Completion<T> implements AsyncIterableIterator<TaskHandle<T>>, TaskOwner {
  readonly #fns: Iterator<Fn<T>>;
  readonly #concurrency: number;
  readonly #group = new Group("asCompleted");
  /** Finished, and not handed out yet. */
  readonly #finished: Ring<Task<T>> = new Ring();
  readonly #consumers: WaitQueue<void> = new WaitQueue(() => "a task of asCompleted() to end");
  #exhausted = false;
  #live = 0;
  /** Of these, the ones whose launch waits for a turn; those that come after them wait behind them. */
  #held = 0;
  #leaving = false;
  /** Keeps the group's body, and so the group, open. */
  #open: Waiter<void> | undefined;
  #closed: Promise<unknown> | undefined;

  constructor(fns: Iterator<Fn<T>>, concurrency: number) {
    this.#fns = fns;
    this.#concurrency = concurrency;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<TaskHandle<T>>> {
    if (this.#leaving) return { done: true, value: undefined };
    const scope = ambient.getStore();
    try {
      if (this.#open === undefined && scope?.effective === undefined) this.#enter();
      for (;;) {
        const refusal = refusedIn(scope);
        if (refusal !== undefined) return await refusal;
        if (this.#finished.size > 0) {
          return await passedIn(scope, { done: false, value: this.#finished.shift() });
        }
        if (this.#live === 0 || this.#leaving) break;
        const consumer = parkIn<void>(scope);
        this.#consumers.push(consumer);
        await consumer.promise;
      }
    } catch (error) {
      // A loop does not call return() after next() has thrown.
      await this.#leave(error);
      throw error;
    }
    await this.#leave("all have finished");
    return { done: true, value: undefined };
  }

  /** The loop is left early: cancels and awaits the rest. */
  async return(): Promise<IteratorResult<TaskHandle<T>>> {
    await this.#leave("the loop over asCompleted() was left");
    return { done: true, value: undefined };
  }

  taskEnded(task: Task): void {
    this.#live--;
    if (!this.#leaving) {
      this.#finished.push(task as Task<T>);
      this.#consumers.first?.resume();
      this.#fill();
      // Several may pull from one loop: at its end all of them are told.
      if (this.#live === 0) this.#consumers.resumeAll();
    } else if (task.outcome?.tag === "failed") this.#group.fail(task.outcome.error, task);
    this.#group.taskLeft();
  }

  #enter(): void {
    this.#closed = this.#group.run(() => {
      this.#open = parkUncancellable<void>(ambient.getStore(), "unseen");
      this.#fill();
      return this.#open.promise;
    });
    // Reported by #leave(); without one, by the tasks' own ScopeClosedError.
    this.#closed.catch(() => {});
  }

  /** Starts tasks while there is room. An input that throws, or yields no function, fails the group. */
  #fill(): void {
    try {
      while (this.#live < this.#concurrency && !this.#exhausted) {
        const { done, value: fn } = this.#fns.next();
        if (done === true) this.#exhausted = true;
        else this.#start(fn);
      }
    } catch (error) {
      this.#exhausted = true;
      this.#group.fail(error, undefined);
    }
  }

  #start(fn: Fn<T>): void {
    const wrong = notAFunction(fn, "asCompleted()");
    if (wrong !== undefined) throw wrong;
    const task = this.#group.newTask<T>(fn, this.#group.scope, this, fn.name);
    if (this.#group.engine.overBudget() || this.#held > 0) this.#launchLater(task);
    else this.#group.launch(task);
    this.#live++;
  }

  /** Tasks that never wait and start each other must let timers, I/O and the loop itself through. [K4] */
  #launchLater(task: Task<T>): void {
    const group = this.#group;
    const launched = group.reserve();
    this.#held++;
    group.engine.backend.reschedule(() => {
      this.#held--;
      try {
        group.launch(task);
      } catch (error) {
        this.#exhausted = true;
        group.fail(error, undefined);
        if (--this.#live === 0) this.#consumers.resumeAll();
      }
      launched();
    }, undefined);
  }

  /** Ends the group. What failed and was never handed out is thrown, so that no error is lost. */
  async #leave(reason: unknown): Promise<void> {
    this.#leaving = true;
    this.#consumers.resumeAll();
    while (this.#finished.size > 0) {
      const task = this.#finished.shift();
      if (task.outcome?.tag === "failed") this.#group.fail(task.outcome.error, task);
    }
    try {
      if (!this.#exhausted) this.#fns.return?.();
    } catch (error) {
      this.#group.fail(error, undefined);
    }
    if (this.#live > 0) this.#group.cancel(reason);
    this.#open?.resume();
    await this.#closed;
  }
}

/**
 * Runs functions as tasks, at most `concurrency` at a time (default Infinity), and yields their
 * handles in the order in which they end, failed ones included: `await handle.result()` throws what
 * went wrong. Leaving the loop cancels and awaits the rest. Each step is a checkpoint. [H1]
 *
 * @throws TaskGroupError on leaving, with the errors of tasks whose handle was never yielded;
 * RangeError for a concurrency that is no positive integer or Infinity
 *
 * @example
 * for await (const handle of asCompleted(mirrors.map((url) => () => download(url)))) {
 *   return await handle.result();
 * }
 */
export function asCompleted<T>(
  fns: Iterable<Fn<T>>,
  options: { concurrency?: number } = {},
): AsyncIterable<TaskHandle<T>> {
  const { concurrency = Infinity } = options;
  const wrong = notAConcurrency(concurrency, "asCompleted()");
  if (wrong !== undefined) throw wrong;
  checkIterable(fns, "asCompleted()");
  return { [Symbol.asyncIterator]: () => new Completion<T>(fns[Symbol.iterator](), concurrency) };
}
