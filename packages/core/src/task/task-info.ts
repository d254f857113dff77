import { ambient } from "../context.ts";
import { UsageError } from "../errors.ts";
import { defaultEngine } from "../registry.ts";
import type { Task } from "./task.ts";
import type { TaskInfo } from "./task-types.ts";

/** The task as it is now. */
export function infoOf({ id, name, parentId, state }: Task): TaskInfo {
  return Object.freeze({ id, name, parentId, state });
}

/**
 * The task whose code calls this.
 *
 * @throws UsageError outside every task
 */
export function currentTask(): TaskInfo {
  const task = ambient.getStore()?.task;
  if (task !== undefined) return infoOf(task);
  throw new UsageError(
    "currentTask() was called outside every task: call it inside run() or a task of a group",
  );
}

/** Every live task of the current run, parents before children. Outside every run: the tasks that no run stands around. */
export function runningTasks(): TaskInfo[] {
  const scope = ambient.getStore();
  const run = scope?.task?.run ?? (scope?.engine ?? defaultEngine()).outsideRuns;
  return Array.from(run.tasks(), infoOf);
}

/**
 * For test tools: how many checkpoints the current task has executed so far, waited or not; undefined
 * outside every task.
 */
export function checkpointCount(): number | undefined {
  return ambient.getStore()?.task?.checkpoints;
}
