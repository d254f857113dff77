import type { CoreMutant } from "../mutant.ts";

/** B: faults in runs, and in what the core makes of a backend. */
export const runMutants: readonly CoreMutant[] = [
  {
    fault: "runs a run inside a task outside the task's scope",
    breaks: ["B2.3", "B2.4"],
    message: /reached by the cancellation of the task's scope/,
    file: "run.ts",
    find: "const caller = ambient.getStore();",
    replace: "const caller = undefined as CancelScope | undefined;",
  },
  {
    fault: "gives every run the default backend",
    breaks: ["B2.1"],
    message: /the run's backend/,
    file: "run.ts",
    find: "return ambient.getStore()?.engine?.backend ?? defaultBackend();",
    replace: "return defaultBackend();",
  },
  {
    fault: "reads the host's clock instead of the backend's",
    breaks: ["B3.1"],
    message: /now\(\) is the backend's clock/,
    file: "time.ts",
    find: "return (ambient.getStore()?.engine ?? defaultEngine()).now();",
    replace: "return performance.now();",
  },
  {
    fault: "does not hear the signal given to run()",
    breaks: ["B4.1"],
    message: /Aborting the signal given to run/,
    file: "run.ts",
    find: 'signal?.addEventListener("abort", onAbort);',
    replace: "",
  },
  {
    fault: "does not see that the signal given to run() has been aborted before",
    breaks: ["B4.2"],
    message: /has been aborted before/,
    file: "run.ts",
    find: "if (signal?.aborted === true) onAbort();",
    replace: "",
  },
  {
    fault: "listens to the signal of a run that has ended",
    breaks: ["B4.4"],
    message: /listens to its signal no more/,
    file: "run.ts",
    find: 'signal?.removeEventListener("abort", onAbort);',
    replace: "",
  },
  {
    fault: "ignores that the host cancels a task",
    breaks: ["B4.5", "B18.1"],
    message: /its scope is cancelled/,
    file: "task/hosting.ts",
    find: 'this.task.scope.cancelWith("host", reason);',
    replace: "",
  },
  {
    fault: "tells the host that a task has ended before it has unwound",
    breaks: ["B18.1", "B18.2", "B4.5"],
    message: /after it has unwound, not before/,
    file: "task/hosting.ts",
    find: 'this.task.scope.cancelWith("host", reason);',
    replace:
      'this.task.scope.cancelWith("host", reason); this.end({ tag: "cancelled", error: this.task.scope.effective });',
  },
  {
    fault: "wraps the error of a run",
    breaks: ["B5.2", "B5.3"],
    message: /very error that main threw/,
    file: "run.ts",
    find: 'if (outcome?.tag === "failed") throw outcome.error;',
    replace:
      'if (outcome?.tag === "failed") throw new Error("the run failed", { cause: outcome.error });',
  },
  {
    fault: "polls as long as a cancelled scope has not ended",
    breaks: ["B5a.2", "B5a.3"],
    message: /polls or spins/,
    file: "scope/scope-node.ts",
    find: "this.withExtras().cancellation = { cancelled, cause, caught: false };",
    replace: `this.withExtras().cancellation = { cancelled, cause, caught: false };
      const poll = (): void => {
        if (this.isOpen) this.engine?.backend.reschedule(poll, undefined);
      };
      poll();`,
  },
];
