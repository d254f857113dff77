import { ambient } from "../context.ts";
import { UsageError } from "../errors.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import type { ScopeNode } from "../scope/scope-node.ts";
import type { Task } from "./task.ts";

/**
 * For test tools: the live tasks of the current run as a tree in text, each below the task whose group
 * it is in, with what it waits for. Given a scope, which must not have ended: its task and those below.
 *
 * @throws UsageError outside every run
 */
export function describeTasks(scope?: CancelScope): string {
  const task = (scope ?? ambient.getStore())?.task;
  if (task === undefined) {
    throw new UsageError(
      "describeTasks() was called outside every run: give it a scope of the run, such as currentScope()",
    );
  }
  const { roots, below } = treeOf(task.run.tasks());
  const lines: string[] = [];
  const ahead = (scope === undefined ? roots.toReversed() : [task]).map((top) => ({
    top,
    depth: 0,
  }));
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const { top, depth } = next;
    lines.push(`${"  ".repeat(depth)}task ${JSON.stringify(top.name)} ${doing(top)}`);
    for (const child of (below.get(top.id) ?? []).toReversed()) {
      ahead.push({ top: child, depth: depth + 1 });
    }
  }
  return lines.join("\n");
}

/** One that outlives its parent, for want of an await, is a root as well. */
function treeOf(tasks: Iterable<Task>): { roots: Task[]; below: Map<number, Task[]> } {
  const roots: Task[] = [];
  const below = new Map<number, Task[]>();
  for (const task of tasks) {
    // One that has not begun is waited for all the same.
    task.ensureScope();
    below.set(task.id, []);
    const siblings = task.parentId === undefined ? undefined : below.get(task.parentId);
    (siblings ?? roots).push(task);
  }
  return { roots, below };
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
      found.add(wait.what() ?? "its cancellation");
    }
    for (let child = scope.firstChild; child !== undefined; child = child.next) {
      if (child.task === task) ahead.push(child);
      else found.add(`the tasks of ${scope.describe()}`);
    }
  }
  return found.size === 0 ? "something that cannot be cancelled" : [...found].join(" and ");
}
