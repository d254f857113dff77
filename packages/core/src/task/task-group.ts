import { checkTask } from "../arguments.ts";
import { ambient, promised } from "../context.ts";
import type { Engine } from "../engine.ts";
import { UsageError } from "../errors.ts";
import type { RunState } from "../run-state.ts";
import { callInside, CancelScope } from "../scope/cancel-scope.ts";
import { isCancelled } from "../scope/cancelled.ts";
import type { ScopeTitle } from "../scope/scope-node.ts";
import { parkUncancellable, turnIn, type Waiter } from "../wait.ts";
import { Hosting } from "./hosting.ts";
import { startIn } from "./start.ts";
import { strayCancellation, Task, type TaskOwner } from "./task.ts";
import { groupError } from "./task-group-error.ts";
import type { TaskGroup, TaskHandle, TaskOptions, TaskStatus } from "./task-types.ts";

/** The errors of body and tasks, and beside each the task it came from. */
interface Failures {
  readonly errors: unknown[];
  readonly taskNames: (string | undefined)[];
}

const unnamedGroup: ScopeTitle = { kind: "task group", name: undefined };

/** A group of tasks, from entering its scope to the end of the last task. */
export class Group implements TaskGroup, TaskOwner {
  readonly scope: CancelScope = new CancelScope();
  /** Made for the first failure. */
  private failures: Failures | undefined = undefined;
  /** Tasks that have not ended, those of pending `start()` calls included. */
  private live = 0;
  private bodyEnded = false;
  private closed = false;
  /** The first `Cancelled` of the body or of a task that reached the group's edge. [C4, T7] */
  private interruption: unknown = undefined;
  private join: Waiter<void> | undefined = undefined;

  constructor(name: string | undefined) {
    this.scope.title = name === undefined ? unnamedGroup : { kind: "task group", name };
  }

  /** Runs the body, waits for every task, and comes to the body's value or the group's error. */
  async run<T>(body: (tg: TaskGroup) => T | PromiseLike<T>): Promise<T | undefined> {
    const outer = ambient.getStore();
    this.scope.enterUnder(outer);
    let value: T | undefined;
    try {
      value = await callInside(this.scope, promised<TaskGroup, T>, body, this);
    } catch (error) {
      this.bodyFailed(error);
    }
    this.bodyEnded = true;
    if (this.live === 0) {
      this.closed = true;
      // Tasks that ended meanwhile have let nothing else through. [K4]
      const pause = turnIn(outer);
      if (pause !== undefined) await pause;
    } else {
      // Not cancellable: nothing outlives its group. [T1]
      this.join = parkUncancellable<void>(outer);
      await this.join.promise;
    }
    this.leave();
    return value;
  }

  startSoon<T>(fn: () => T | PromiseLike<T>, options?: TaskOptions): TaskHandle<T> {
    checkTask(fn, options, "startSoon()");
    const task = this.newTask<T>(fn, this.scope, this, options?.name ?? fn.name);
    this.launch(task);
    return task;
  }

  start<V, T>(
    fn: (status: TaskStatus<V>) => T | PromiseLike<T>,
    options?: TaskOptions & { returnHandle?: boolean },
  ): Promise<never> {
    return startIn(this, fn, options) as Promise<never>;
  }

  cancel(reason?: unknown): void {
    this.scope.cancel(reason);
  }

  /** @internal */
  get engine(): Engine {
    return this.scope.engine as Engine;
  }

  /** @internal */
  newTask<T>(body: () => unknown, parent: CancelScope, owner: TaskOwner, name: string): Task<T> {
    if (this.closed) {
      throw new UsageError(
        `a task was started in ${this.scope.describe()}, which has ended: start it before the group's ` +
          "body and its last task have ended",
      );
    }
    const { task } = this.scope;
    const run: RunState = task?.run ?? this.engine.outsideRuns;
    return new Task<T>(run, owner, parent, task?.id, body, name);
  }

  /** @internal Hands the task to the backend, as started by the calling task. */
  launch(task: Task): void {
    const spawner = ambient.getStore()?.task;
    const host = spawner?.run.engine === this.engine ? spawner.host : undefined;
    this.live++;
    task.run.instruments?.taskSpawned(task);
    try {
      const hosting = new Hosting(task, host);
      this.engine.backend.spawn(hosting);
      hosting.hold();
    } catch (error) {
      task.discard();
      this.taskLeft();
      throw error;
    }
  }

  /** @internal Keeps the group waiting until what is returned is called. */
  reserve(): () => void {
    this.live++;
    return () => this.taskLeft();
  }

  /** A task of the group has ended. */
  taskEnded(task: Task): void {
    const { outcome } = task;
    if (outcome?.tag === "failed") this.fail(outcome.error, task);
    else if (outcome?.tag === "cancelled" && outcome.interrupted)
      this.interruption ??= outcome.error;
    this.taskLeft();
  }

  /** @internal One live task less, however it ended. */
  taskLeft(): void {
    if (--this.live > 0 || !this.bodyEnded) return;
    // From here on no task may be started. [T5]
    this.closed = true;
    this.join?.resume();
  }

  /** @internal Takes an error into the group's own, and cancels the rest. [T2] */
  fail(error: unknown, task: Task | undefined): void {
    this.failures ??= { errors: [], taskNames: [] };
    this.failures.errors.push(error);
    this.failures.taskNames.push(task?.name);
    this.scope.cancelWith("failure", error, task);
  }

  private bodyFailed(error: unknown): void {
    if (!isCancelled(error)) this.fail(error, undefined);
    else if (!this.scope.cancelledAround) {
      this.fail(strayCancellation(error, `the body of ${this.scope.describe()}`), undefined);
    } else this.interruption ??= error;
  }

  /** Ends the scope, and throws what the group came to if that is no value. [T2, T7] */
  private leave(): void {
    const { scope, failures, interruption } = this;
    const { outer, cancellation } = scope;
    const absorbs = cancellation !== undefined && outer === undefined;
    if (absorbs && interruption !== undefined) cancellation.caught = true;
    scope.end();
    if (failures !== undefined) {
      throw groupError(scope.describe(), failures.errors, failures.taskNames);
    }
    if (!absorbs && interruption !== undefined) throw outer ?? interruption;
  }
}

/**
 * Runs `body`, which starts tasks; returns when it and every task started in the group have ended.
 * Resolves with the body's value, or with `undefined` if the group was cancelled before the body
 * returned. No checkpoint by itself. [T1-T20]
 *
 * @throws TaskGroupError with every error of body and tasks, if there is one: the first failure
 * cancels the rest [T2]; TypeError if `body` is no function
 *
 * @example
 * await taskGroup(async (tg) => {
 *   tg.startSoon(() => crawl("/a"));
 *   tg.startSoon(() => crawl("/b"));
 * }); // both have ended here, whatever happened
 */
export function taskGroup<T>(
  body: (tg: TaskGroup) => T | PromiseLike<T>,
  options: { name?: string } = {},
): Promise<T | undefined> {
  try {
    checkTask(body, options, "taskGroup()");
    return new Group(options.name).run(body);
  } catch (error) {
    return Promise.reject(error);
  }
}
