import type { CoreMutant } from "../mutant.ts";

/** C13, T16 to T19: faults in tasks and their handles. */
export const taskMutants: readonly CoreMutant[] = [
  {
    fault: "calls a task cancelled that swallowed its cancellation and returned",
    breaks: ["C13.2"],
    message: /has ended normally/,
    file: "task/task.ts",
    find: 'this.leave({ tag: "ok", value });',
    replace: `const error = this.scope.effective;
      this.leave(error === undefined ? { tag: "ok", value } : { tag: "cancelled", error });`,
  },
  {
    fault: "throws a bare Cancelled from a handle",
    breaks: ["T16.5"],
    message: /never a bare Cancelled/,
    file: "task/task.ts",
    find: 'return new TaskCancelled(`task "${this.name}" was cancelled`, { cause: cancelled });',
    replace: "return cancelled as never;",
  },
  {
    fault: "throws a task's error from its handle as it is",
    breaks: ["T16.2", "T16.4"],
    message: /TaskFailed/,
    file: "task/task.ts",
    find: 'throw new TaskFailed(`task "${this.name}" failed: ${told(error)}`, { cause: error });',
    replace: "throw error;",
  },
  {
    fault: "takes an error that somebody waits for away from the group",
    breaks: ["T16.3", "T19.2"],
    message: /the group still throws it/,
    file: "task/task.ts",
    find: "this.waiters?.resumeAll();",
    replace: `if (this.waiters !== undefined && this.ending.tag === "failed") {
        const { owner } = this;
        this.owner = { taskEnded: () => (owner as { taskLeft?: () => void }).taskLeft?.() };
      }
      this.waiters?.resumeAll();`,
  },
  {
    fault: "wakes one who waits for a handle only",
    breaks: ["T16.9"],
    message: /Many tasks may wait/,
    file: "task/task.ts",
    find: "this.waiters?.resumeAll();",
    replace: "this.waiters?.first?.resume(undefined);",
  },
  {
    fault: "fails the group when a task is cancelled by its handle",
    breaks: ["T17.1"],
    message: /neither fails nor ends/,
    file: "task/task.ts",
    find: 'this.leave({ tag: "cancelled", error, interrupted });',
    replace: 'this.leave({ tag: "failed", error });',
  },
  {
    fault: "cancels the whole group by the handle of one task",
    breaks: ["T17.1"],
    message: /ends that task alone/,
    file: "task/task.ts",
    find: "this.scope.cancel(reason);",
    replace: '(this.scope.parent ?? this.scope).cancelWith("call", reason);',
  },
  {
    fault: "keeps the body of a task that has ended",
    breaks: ["T18.6"],
    message: /keeps nothing of an ended task alive/,
    file: "task/task.ts",
    find: "this.course = undefined;",
    replace: "Object.assign(this, { kept: body }); this.course = undefined;",
  },
  {
    fault: "gives two tasks one id",
    breaks: ["T18.2"],
    message: /id of its own/,
    file: "run-state.ts",
    find: "nextId(): number {",
    replace:
      "nextId(): number { const self = this as { given?: number }; self.given = (self.given ?? 1) + 1; if (self.given > 0) return self.given >> 1;",
  },
  {
    fault: "raises an unhandled rejection for a result() that is awaited late",
    breaks: ["T19.50"],
    message: /no unhandled rejection/,
    file: "task/task.ts",
    find: "result.catch(() => {});",
    replace: "",
  },
  {
    fault: "raises an unhandled rejection for the error of each task",
    breaks: ["T19.1"],
    message: /unhandled rejection|reached the host/,
    file: "task/task.ts",
    find: "if (!isCancelled(error)) this.leave({",
    replace:
      "if (!isCancelled(error)) void Promise.reject(error); if (!isCancelled(error)) this.leave({",
  },
  {
    fault: "prints the errors of a group without the names of their tasks",
    breaks: ["D2"],
    message: /each member's task name/,
    file: "task/error-tree.ts",
    find: "const branches = printed.map(({ error, name }) => `${origin(name)}: ${show(error)}`);",
    replace: "const branches = printed.map(({ error }) => show(error));",
  },
];
