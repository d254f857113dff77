import type { CancelScope } from "../scope/cancel-scope.ts";

export interface TaskOptions {
  /** For people and tools. Default: the function's name, else "task-" and its id. */
  name?: string;
}

/** Given to a function that was started with `start()`. */
export interface TaskStatus<V = void> {
  /** Reports readiness to the caller of `start()`. At most once. [T10-T15] */
  started(value: V): void;
}

/** `cancelling`: it runs, and a checkpoint inside would throw `Cancelled`. */
export type TaskState = "pending" | "running" | "cancelling" | "finished" | "failed" | "cancelled";

/** A task from outside. Watching it never changes what becomes of its group. [T16] */
export interface TaskHandle<T = unknown> {
  /** Unique within the run. */
  readonly id: number;
  readonly name: string;
  readonly state: TaskState;
  /** The scope around this one task. */
  readonly scope: CancelScope;
  /** Ends this task alone; the group goes on. [T17] */
  cancel(reason?: unknown): void;
  /** Waits until the task has ended, however it ended. A checkpoint. */
  wait(): Promise<void>;
  /** Waits for the task's value. Throws `TaskFailed` (with `cause`) or `TaskCancelled`. A checkpoint. */
  result(): Promise<T>;
  /** The value, if it has ended with one. Throws `TaskNotFinished`, `TaskFailed`, `TaskCancelled`. */
  readonly returnValue: T;
  /** The error it ended with, or undefined. Throws `TaskNotFinished`, `TaskCancelled`. */
  readonly error: unknown;
}

/** Starts tasks that end before the group does. Given to the body of `taskGroup()`. */
export interface TaskGroup {
  /** The scope around the body and every task. */
  readonly scope: CancelScope;
  /**
   * Starts a task that begins on a later turn, never inside this call, in the async context of this
   * call. [T3, T4, T8]
   *
   * @throws UsageError if the group has ended [T5]; TypeError if `fn` is no function
   */
  startSoon<T>(fn: () => T | PromiseLike<T>, options?: TaskOptions): TaskHandle<T>;
  /**
   * Starts a task and waits until it calls `status.started(value)`; from then on it is the group's.
   * Cancelling the caller before that cancels the task and waits for it. A checkpoint. [T10-T15]
   *
   * @throws what the task threw before `started()`; `TaskNotStarted` if it ended without calling it
   */
  start<V, T>(fn: (status: TaskStatus<V>) => T | PromiseLike<T>, options?: TaskOptions): Promise<V>;
  start<V, T>(
    fn: (status: TaskStatus<V>) => T | PromiseLike<T>,
    options: TaskOptions & { returnHandle: true },
  ): Promise<TaskHandle<T> & { readonly startValue: V }>;
  /** Cancels body and tasks. [T6] */
  cancel(reason?: unknown): void;
}

/** A task at one moment. */
export interface TaskInfo {
  readonly id: number;
  readonly name: string;
  /** The task whose group it is in; undefined for a root. */
  readonly parentId: number | undefined;
  readonly state: TaskState;
}
