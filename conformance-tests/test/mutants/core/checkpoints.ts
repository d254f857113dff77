import type { CoreMutant } from "../mutant.ts";

/** K: faults in what every checkpoint does. */
export const checkpointMutants: readonly CoreMutant[] = [
  {
    fault: "lets a wait for an event that is set pass in a cancelled scope",
    breaks: ["K1.201"],
    message: /Event\.wait\(\) on a set event.*expected a rejection with Cancelled/,
    file: "sync/event.ts",
    find: "const scope = ambient.getStore();",
    replace:
      "const scope = ambient.getStore(); if (this.happened) return passedIn<void>(scope, undefined);",
  },
  {
    fault: "lets an uncontended acquire of a semaphore pass in a cancelled scope",
    breaks: ["K1.204"],
    message: /Semaphore\.acquire\(\).*expected a rejection with Cancelled/,
    file: "sync/semaphore.ts",
    find: "return refusedIn(scope) ?? this.acquireIn(scope);",
    replace: "return (this.permits > 0 ? undefined : refusedIn(scope)) ?? this.acquireIn(scope);",
  },
  {
    fault: "lets a send into free buffer space pass in a cancelled scope",
    breaks: ["K1.101"],
    message: /send\(\) rejects with Cancelled/,
    file: "stream/memory-send-stream.ts",
    find: "const refusal = refusedIn(scope);",
    replace: "const refusal = this.channel.canPut ? undefined : refusedIn(scope);",
  },
  {
    fault: "wakes no wait when its scope is cancelled",
    breaks: ["K1.21", "K1.222", "C3.2"],
    message: /sleep\(\) rejects with Cancelled.*while it waits/,
    file: "scope/scope-node.ts",
    find: "this.interruptWaits(fate);",
    replace: "",
  },
  {
    fault: "throws Cancelled from a call that took effect in the turn of its cancellation",
    breaks: ["K2", "L4.11", "M3.1"],
    message: /although its scope is cancelled in the same turn/,
    file: "wait.ts",
    find: 'this.deliver("value", value, false, this.settle());',
    replace: `const around = this.scope;
      const waited = this.settle();
      queueMicrotask(() => {
        const cancelled = around?.effective;
        this.deliver("value", cancelled ?? value, cancelled !== undefined, waited);
      });`,
  },
  {
    fault: "forgets to take a cancelled waiter out of its queue",
    breaks: ["L4.1"],
    message: /leaves the queue at once/,
    file: "wait.ts",
    find: "interrupt(cancelled: Cancelled, over: boolean): void {",
    replace: "interrupt(cancelled: Cancelled, over: boolean): void { this.queue = undefined;",
  },
  {
    fault: "takes a turn before a stream is closed",
    breaks: ["K3"],
    message: /Closing is no checkpoint.*at once/,
    file: "stream/memory-send-stream.ts",
    find: "this[Symbol.dispose](); return Promise.resolve();",
    replace: "return Promise.resolve().then(() => this[Symbol.dispose]());",
  },
  {
    fault: "makes a checkpoint of setting an event",
    breaks: ["K3.201"],
    message: /work in a cancelled scope/,
    file: "sync/event.ts",
    find: "this.happened = true;",
    replace:
      "const around = ambient.getStore()?.effective; if (around) throw around; this.happened = true;",
  },
  {
    fault: "charges no checkpoint to the budget",
    breaks: ["K4", "C13"],
    message: /timers|I\/O/,
    file: "engine.ts",
    find: "overBudget(): boolean {",
    replace: "overBudget(): boolean { if (this.backend !== undefined) return false;",
  },
  {
    fault: "charges no cancellation to the budget",
    breaks: ["K4.9"],
    message: /timers/,
    file: "scope/scope-node.ts",
    find: "first.nextInScope === undefined ? engine.resumptionOverBudget() : engine.longStepOverBudget();",
    replace: "first.nextInScope === undefined ? engine.resumptionOverBudget() : false;",
  },
  {
    fault: "charges no step of a loop over a buffer to the budget",
    breaks: ["K4.108"],
    message: /loops over a buffer/,
    file: "stream/memory-receive-stream.ts",
    find: "return passedIn(scope, asStep(channel.take()));",
    replace: "return Promise.resolve(asStep(channel.take()));",
  },
  {
    fault: "charges no select that receives to the budget",
    breaks: ["K4.109"],
    message: /selects a receive/,
    file: "stream/select.ts",
    find: ": passedIn<Chosen>(scope, { case: chosen[0], value: chosen[1].commit() });",
    replace: `: chosen[1].constructor.name === "Receiving"
        ? Promise.resolve({ case: chosen[0], value: chosen[1].commit() })
        : passedIn<Chosen>(scope, { case: chosen[0], value: chosen[1].commit() });`,
  },
  {
    fault: "charges no checkpoint that fails to the budget",
    breaks: ["K4.103", "C13.3"],
    message: /lets timers run/,
    file: "wait.ts",
    find: "export function failedIn(scope: CancelScope | undefined, error: unknown): Promise<never> {",
    replace:
      "export function failedIn(scope: CancelScope | undefined, error: unknown): Promise<never> { if (error !== undefined) return Promise.reject(error);",
  },
  {
    fault: "reads the clock at every checkpoint",
    breaks: ["K4.7", "K4.124"],
    message: /clock is not read at every checkpoint/,
    file: "engine.ts",
    find: "overBudget(): boolean {",
    replace: "overBudget(): boolean { this.now();",
  },
  {
    fault: "returns from checkpoint() without letting others run",
    breaks: ["K5.1"],
    message: /after every task that was resumed before the call/,
    file: "time.ts",
    find: "waiter.inLaterTurn(() => waiter.resume());",
    replace: "waiter.resume();",
  },
  {
    fault: "returns from waitAllTasksBlocked() at once",
    breaks: ["K5.3"],
    message: /once every other task waits/,
    file: "task/wait-all-tasks-blocked.ts",
    find: "run.watchers.push(waiter);",
    replace: "engine.release(); waiter.resume();",
  },
  {
    fault: "takes a task that awaits a foreign promise for one that waits",
    breaks: ["K6.14"],
    message: /time stands still/,
    file: "scope/cancellable.ts",
    find: ': followIn(scope, promise, "foreign");',
    replace: ': followIn(scope, promise, "parked");',
  },
  {
    fault: "calls the function of cancellable() in a cancelled scope",
    breaks: ["K6.10"],
    message: /does not call the function/,
    file: "scope/cancellable.ts",
    find: 'if (typeof work !== "function") void Promise.resolve(work).catch(() => {});',
    replace:
      'void Promise.resolve(typeof work === "function" ? work(currentSignal()) : work).catch(() => {});',
  },
  {
    fault: 'does not wait for the promise of cancellable() with onCancel "wait"',
    breaks: ["K6.7"],
    message: /only after the promise has settled/,
    file: "scope/cancellable.ts",
    find: "const outcome = await settled;",
    replace: "if (cancellation !== undefined) throw cancellation; const outcome = await settled;",
  },
  {
    fault: 'drops the error of cancellable() with onCancel "wait"',
    breaks: ["K6.8"],
    message: /a rejection that is no abort wins over Cancelled/,
    file: "scope/cancellable.ts",
    find: "cancellation !== undefined && isAbort(outcome.error)",
    replace: "cancellation !== undefined",
  },
  {
    fault: "waits for a foreign promise although its scope is cancelled",
    breaks: ["K6.5"],
    message: /throws at once on cancellation/,
    file: "scope/cancellable.ts",
    find: 'return onCancel === "wait" ? settledIn',
    replace: 'return onCancel !== "never" ? settledIn',
  },
];
