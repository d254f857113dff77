import { checkTask } from "../arguments.ts";
import { ambient } from "../context.ts";
import { TaskNotStarted, UsageError } from "../errors.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import { refusedIn, Waiter } from "../wait.ts";
import type { Task, TaskOwner } from "./task.ts";
import type { Group } from "./task-group.ts";
import type { TaskOptions, TaskStatus } from "./task-types.ts";

/** A `start()` call that waits for its task; it owns the task until `started()`. */
class Start<V> implements TaskStatus<V>, TaskOwner {
  readonly waiter: Waiter<unknown>;
  task: Task | undefined;
  readonly #group: Group;
  readonly #callerScope: CancelScope;
  readonly #returnHandle: boolean;
  #calledStarted = false;

  constructor(group: Group, caller: CancelScope | undefined, returnHandle: boolean) {
    this.#group = group;
    this.#callerScope = caller ?? group.scope;
    this.#returnHandle = returnHandle;
    // Not cancellable: cancelling the caller cancels the task, whose end is waited for. [T12]
    this.waiter = new Waiter(caller ?? group.engine.outsideScopes, "parked", false);
  }

  started(value: V): void {
    if (this.#calledStarted) {
      throw new UsageError(
        `task "${this.task?.name}" called started() a second time: once is all its caller waits for`,
      );
    }
    this.#calledStarted = true;
    const { task } = this;
    // The caller has been cancelled: the task unwinds, and there is nobody to hand it over to. [T13]
    if (
      task === undefined ||
      task.outcome !== undefined ||
      this.#callerScope.effective !== undefined
    )
      return;
    task.owner = this.#group;
    task.scope.moveUnder(this.#group.scope);
    this.waiter.resume(this.#returnHandle ? Object.assign(task, { startValue: value }) : value);
  }

  /** The task has ended before it was started. [T11, T12] */
  taskEnded(task: Task): void {
    const { outcome } = task;
    const cancelled = this.#callerScope.effective;
    if (outcome?.tag === "failed") this.waiter.fail(outcome.error);
    else if (cancelled !== undefined) this.waiter.fail(cancelled);
    else {
      const how = outcome?.tag === "cancelled" ? "was cancelled" : "returned";
      this.waiter.fail(
        new TaskNotStarted(`task "${task.name}" ${how} before it called status.started()`),
      );
    }
    this.#group.taskLeft();
  }
}

/** `TaskGroup.start()`. */
export async function startIn<V, T>(
  group: Group,
  fn: (status: TaskStatus<V>) => T | PromiseLike<T>,
  options: (TaskOptions & { returnHandle?: boolean }) | undefined,
): Promise<unknown> {
  checkTask(fn, options, "start()");
  const caller = ambient.getStore();
  const refusal = refusedIn(caller);
  if (refusal !== undefined) return refusal;
  const call = new Start<V>(group, caller, options?.returnHandle === true);
  try {
    call.task = group.newTask(
      () => fn(call),
      caller ?? group.scope,
      call,
      options?.name ?? fn.name,
    );
    group.launch(call.task);
  } catch (error) {
    call.waiter.fail(error);
  }
  return call.waiter.promise;
}
