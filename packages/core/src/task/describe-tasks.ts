import { ambient } from "../context.ts";
import { UsageError } from "../errors.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import type { ScopeNode } from "../scope/scope-node.ts";
import type { Task } from "./task.ts";

/**
 * For test tools: the live tasks of a run as a tree in text, each below the task whose group it is in, with
 * what it waits for. The run is that of `scope`, which must not have ended, by default the
 * current one's.
 *
 * @throws UsageError outside every run
 */
export function describeTasks(scope: CancelScope | undefined = ambient.getStore()): string {
  const run = scope?.task?.run;
  if (run === undefined) {
    throw new UsageError(
      "describeTasks() was called outside every run: give it a scope of the run, such as currentScope()",
    );
  }
  const below = new Map<number | undefined, Task[]>();
  const live = new Set<number>();
  for (const task of run.tasks()) {
    live.add(task.id);
    // One that outlives its parent, for want of an await, has none to be drawn below.
    const parent =
      task.parentId !== undefined && live.has(task.parentId) ? task.parentId : undefined;
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [task]);
    else siblings.push(task);
  }
  const lines: string[] = [];
  const ahead = (below.get(undefined) ?? []).toReversed().map((task) => ({ task, depth: 0 }));
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { task, depth } = next;
    lines.push(`${"  ".repeat(depth)}task ${JSON.stringify(task.name)} ${doing(task)}`);
    for (const child of (below.get(task.id) ?? []).toReversed()) {
      ahead.push({ task: child, depth: depth + 1 });
    }
  }
  return lines.join("\n");
}

function doing(task: Task): string {
  if (task.state === "pending") return "has not begun yet";
  if (task.waiting) return `waits for ${awaitedBy(task)}`;
  return "runs, or awaits a promise of the outside";
}

/** What the waits of a task wait for, in words. */
export function awaitedBy(task: Task): string {
  const found = new Set<string>();
  const ahead: ScopeNode[] = [task.scope];
  for (let scope = ahead.pop(); scope !== undefined; scope = ahead.pop()) {
    for (let wait = scope.firstWait; wait !== undefined; wait = wait.nextInScope) {
      found.add(wait.waitsFor);
    }
    for (let child = scope.firstChild; child !== undefined; child = child.next) {
      if (child.task === task) ahead.push(child);
      else found.add(`the tasks of ${scope.describe()}`);
    }
  }
  return found.size === 0 ? "something that cannot be cancelled" : [...found].join(" and ");
}
