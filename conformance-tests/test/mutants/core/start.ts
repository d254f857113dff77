import type { CoreMutant } from "../mutant.ts";

/** T10 to T15: faults in `start()`. */
export const startMutants: readonly CoreMutant[] = [
  {
    fault: "loses the value of started()",
    breaks: ["T10.1", "K2.1"],
    message: /resolves with the value of started\(\)/,
    file: "task/start.ts",
    find: "{ startValue: value }) : value);",
    replace: "{ startValue: value }) : undefined);",
  },
  {
    fault: "does not tell the caller of start() that the task has started",
    breaks: ["T10.1"],
    message: /had not ended|while the task goes on/,
    file: "task/start.ts",
    find: "this.waiter.resume(",
    replace: "void (",
  },
  {
    fault: "fails the group with the error of a task that failed before started()",
    breaks: ["T11.1"],
    message: /and the group goes on/,
    file: "task/start.ts",
    find: 'if (outcome?.tag === "failed") this.waiter.fail(outcome.error);',
    replace:
      'if (outcome?.tag === "failed") this.#group.fail(outcome.error, task.name); if (outcome?.tag === "failed") this.waiter.fail(outcome.error);',
  },
  {
    fault: "resolves start() of a task that returned before started()",
    breaks: ["T11.2"],
    message: /TaskNotStarted/,
    file: "task/start.ts",
    find: 'const how = outcome?.tag === "cancelled" ? "was cancelled" : "returned";',
    replace:
      'this.waiter.resume(undefined); const how = outcome?.tag === "cancelled" ? "was cancelled" : "returned";',
  },
  {
    fault: "does not wait for the task whose start() is cancelled",
    breaks: ["T12.1"],
    message: /waits for it, then throws Cancelled/,
    file: "task/start.ts",
    find: 'new Waiter(caller ?? group.engine.outsideScopes, "parked", false);',
    replace: 'new Waiter(caller ?? group.engine.outsideScopes, "parked", true);',
  },
  {
    fault: "drops the error of a task whose start() was cancelled",
    breaks: ["T12.2"],
    message: /never dropped/,
    file: "task/start.ts",
    find: 'if (outcome?.tag === "failed") this.waiter.fail(outcome.error);',
    replace: `if (cancelled !== undefined) this.waiter.fail(cancelled);
      else if (outcome?.tag === "failed") this.waiter.fail(outcome.error);`,
  },
  {
    fault: "takes started() a second time",
    breaks: ["T13.1"],
    message: /second started\(\) is a UsageError/,
    file: "task/start.ts",
    find: "if (this.#calledStarted) {",
    replace: "if (this.#calledStarted) return; if (this.#calledStarted) {",
  },
  {
    fault: "throws from started() when the caller of start() was cancelled",
    breaks: ["T13.2"],
    message: /is harmless/,
    file: "task/start.ts",
    find: "this.#callerScope.effective !== undefined ) return;",
    replace:
      '(this.#callerScope.effective !== undefined && this.#callerScope.effective.message !== "")) throw this.#callerScope.effective;',
  },
  {
    fault: "does not move the scope of a task at started()",
    breaks: ["T14.2", "T14.3", "T12.3"],
    message: /moves out of the scopes around the start\(\) call/,
    file: "task/start.ts",
    find: "task.scope.moveUnder(this.#group.scope);",
    replace: "",
  },
  {
    fault: "moves the scope of a task at started() and tells it nothing",
    breaks: ["T14.3", "T14.4"],
    message: /cancel/,
    file: "scope/scope-node.ts",
    find: "this.unlink(); this.linkUnder(parent); this.spread();",
    replace: "this.unlink(); this.linkUnder(parent);",
  },
  {
    fault: "starts a task of start() under the group's scope",
    breaks: ["T14.1", "T12.1"],
    message: /inside the scopes around the start\(\) call/,
    file: "task/start.ts",
    find: "caller ?? group.scope, call,",
    replace: "group.scope, call,",
  },
  {
    fault: "loses the error of a task after started()",
    breaks: ["T15.1"],
    message: /after started\(\) is the group's/,
    file: "task/start.ts",
    find: "task.owner = this.#group;",
    replace: "",
  },
];
