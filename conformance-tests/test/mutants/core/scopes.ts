import type { CoreMutant } from "../mutant.ts";

/** C: faults in what cancels and what absorbs. */
export const scopeMutants: readonly CoreMutant[] = [
  {
    fault: "delivers a cancellation once only",
    breaks: ["C1.1", "C13.1"],
    message: /throws, again and again/,
    file: "wait.ts",
    find: "return failedIn(scope, scope.effective);",
    replace: "const once = scope.effective; scope.fate = undefined; return failedIn(scope, once);",
  },
  {
    fault: "ignores shields",
    breaks: ["C2.2", "C11.1", "C20.1"],
    message: /with a shield is not effectively cancelled/,
    file: "scope/scope-node.ts",
    find: "if (parent === undefined || this.shielded) return undefined;",
    replace: "if (parent === undefined) return undefined;",
  },
  {
    fault: "cancels the scope around a cancelled one as well",
    breaks: ["C2.4"],
    message: /does not cancel the scope around it/,
    file: "scope/scope-node.ts",
    find: "this.withExtras().cancellation = { cancelled, cause, caught: false };",
    replace:
      "this.withExtras().cancellation = { cancelled, cause, caught: false }; this.parent?.cancelWith(cause, reason);",
  },
  {
    fault: "cancels no deeper than one scope",
    breaks: ["C2.5"],
    message: /however deep/,
    file: "scope/scope-node.ts",
    find: "if (changed && node.firstChild !== undefined) {",
    replace: "if (changed && node === this && node.firstChild !== undefined) {",
  },
  {
    fault: "lets the last reason stand",
    breaks: ["C3.1"],
    message: /first reason/,
    file: "scope/scope-node.ts",
    find: "if (this.cancellation !== undefined || this.hasEnded) return;",
    replace: "if (this.hasEnded) return;",
  },
  {
    fault: "cancels scopes that have ended",
    breaks: ["C3.4"],
    message: /has ended changes nothing/,
    file: "scope/scope-node.ts",
    find: "if (this.cancellation !== undefined || this.hasEnded) return;",
    replace: "if (this.cancellation !== undefined) return;",
  },
  {
    fault: "wakes the first wait of a cancelled scope only",
    breaks: ["C3.2"],
    message: /wakes every wait/,
    file: "scope/scope-node.ts",
    find: "while (this.firstWait !== undefined) this.firstWait.interrupt(cancelled, over);",
    replace: "this.firstWait?.interrupt(cancelled, over);",
  },
  {
    fault: "calls abort listeners before the tree of scopes is consistent",
    breaks: ["C3.6"],
    message: /consistent/,
    file: "scope/scope-node.ts",
    find: "else if (controller !== undefined) aborting.push({ controller, reason: fate });",
    replace: "else controller?.abort(fate);",
  },
  {
    fault: "absorbs a Cancelled that is not its own",
    breaks: ["C4.2"],
    message: /passes a scope that is not cancelled/,
    file: "scope/cancel-scope.ts",
    find: "const absorbs = cancellation !== undefined && this.outer === undefined && isCancelled(error); if (absorbs) cancellation.caught = true;",
    replace:
      "const absorbs = isCancelled(error); if (cancellation !== undefined) cancellation.caught = absorbs;",
  },
  {
    fault: "absorbs an outer cancellation in an inner scope that is cancelled too",
    breaks: ["C4.3", "C4.6"],
    message: /the outer one absorbs/,
    file: "scope/cancel-scope.ts",
    find: "const absorbs = cancellation !== undefined && this.outer === undefined && isCancelled(error);",
    replace: "const absorbs = cancellation !== undefined && isCancelled(error);",
  },
  {
    fault: "absorbs nothing",
    breaks: ["C4.1", "C1.2"],
    message: /absorbs its Cancelled/,
    file: "scope/cancel-scope.ts",
    find: "if (!absorbs) throw error;",
    replace: "if (true) throw error;",
  },
  {
    fault: "says that a scope has absorbed which was only cancelled",
    breaks: ["C4.5"],
    message: /cancelledCaught is false while nothing was absorbed/,
    file: "scope/cancel-scope.ts",
    find: "return this.cancellation?.caught === true;",
    replace: "return this.cancellation !== undefined;",
  },
  {
    fault: "drops the value of a body whose scope was cancelled",
    breaks: ["C5", "C8.3"],
    message: /keeps its value/,
    file: "scope/cancel-scope.ts",
    find: "(ambient.getStore() as CancelScope).end(); return value;",
    replace: `const scope = ambient.getStore() as CancelScope;
      scope.end();
      return scope.own === undefined ? value : (undefined as T);`,
  },
  {
    fault: "swallows an error in a cancelled scope",
    breaks: ["C6.2", "C6.3"],
    message: /An error leaves a cancelled scope unchanged/,
    file: "scope/cancel-scope.ts",
    find: "this.outer === undefined && isCancelled(error);",
    replace: "this.outer === undefined;",
  },
  {
    fault: "throws synchronously what a body throws synchronously",
    breaks: ["C6.4"],
    message: /throws synchronously rejects/,
    file: "scope/cancel-scope.ts",
    find: "try { return new CancelScope(options).begin(body); } catch (error) { return Promise.reject(error); }",
    replace: `let thrown: unknown;
      const result = new CancelScope(options).begin((scope) => {
        try {
          return body(scope);
        } catch (error) {
          thrown = error;
          throw error;
        }
      });
      result.catch(() => {});
      if (thrown !== undefined) throw thrown;
      return result;`,
  },
  {
    fault: "forgets a cancellation when the scope is entered",
    breaks: ["C7.1"],
    message: /cancelled before run\(\) throws/,
    file: "scope/scope-node.ts",
    find: "if (this.extras !== undefined) this.arm(this.extras, now);",
    replace:
      "if (this.extras !== undefined) { this.extras.cancellation = undefined; this.arm(this.extras, now); }",
  },
  {
    fault: "does not run the body of a scope that is cancelled already",
    breaks: ["C7.2"],
    message: /no checkpoint runs to its end/,
    file: "scope/cancel-scope.ts",
    find: "return callInside(this, runBody<T>, body, this as CancelScope);",
    replace: `if (this.own !== undefined) return Promise.reject(this.own);
      return callInside(this, runBody<T>, body, this as CancelScope);`,
  },
  {
    fault: "does not shield when a shield is put up or taken down later",
    breaks: ["C11.4", "C11.5"],
    message: /Setting shield to false/,
    file: "scope/scope-node.ts",
    find: "if (this.isOpen) this.spread();",
    replace: "",
  },
  {
    fault: "lets a shield hide the scope's own cancellation",
    breaks: ["C11.2", "C11.3"],
    message: /does not hide the scope's own cancellation/,
    file: "scope/scope-node.ts",
    find: "this.own ?? (typeof inherited",
    replace: "(this.shielded ? undefined : this.own) ?? (typeof inherited",
  },
  {
    fault: "passes a stray Cancelled of a task off as a cancellation",
    breaks: ["C14.2"],
    message: /stray Cancelled that reaches the edge of a task/,
    file: "task/task.ts",
    find: "if (!this.scope.cancelledAround) {",
    replace: "if (!this.scope.cancelledAround && this.run === undefined) {",
  },
  {
    fault: "passes a stray Cancelled of a group's body off as a cancellation",
    breaks: ["C14.3"],
    message: /stray Cancelled that reaches the edge of a group's body/,
    file: "task/task-group.ts",
    find: "else if (!this.scope.cancelledAround) {",
    replace: "else if (this.closed) {",
  },
  {
    fault: "loses the scope at an await",
    breaks: ["C15"],
    message: /own chain of scopes/,
    file: "context.ts",
    find: "export const ambient: Carrier<CancelScope | undefined> = createCarrier();",
    replace: `export const ambient: Carrier<CancelScope | undefined> = {
      current: undefined as CancelScope | undefined,
      getStore() { return this.current; },
      run(value, body, ...args) {
        const before = this.current;
        this.current = value;
        try { return body(...args); } finally { this.current = before; }
      },
    } as never;`,
  },
  {
    fault: "cancels only for code of the same run",
    breaks: ["C16.2", "C16.4"],
    message: /cancelled from outside every task/,
    file: "scope/cancel-scope.ts",
    find: 'this.cancelWith("call", reason, ambient.getStore()?.task);',
    replace:
      'if (ambient.getStore()?.task?.run === this.task?.run) this.cancelWith("call", reason);',
  },
  {
    fault: "makes a Cancelled for each waiter",
    breaks: ["C17.1"],
    message: /get the same Cancelled/,
    file: "wait.ts",
    find: 'this.deliver("cancel", cancelled, true, this.takeAway(), over);',
    replace: 'this.deliver("cancel", Object.create(cancelled), true, this.takeAway(), over);',
  },
  {
    fault: "makes the Cancelled where nobody sees who cancelled",
    breaks: ["C17.2"],
    message: /shows who cancelled/,
    file: "scope/cancelled.ts",
    find: "this.reason = reason;",
    replace: "this.reason = reason; this.stack = message;",
  },
  {
    fault: "does not abort signals",
    breaks: ["C18.1", "K6.4"],
    message: /aborts when the scope is cancelled/,
    file: "scope/scope-node.ts",
    find: "for (const { controller, reason } of aborting) controller.abort(reason);",
    replace: "",
  },
  {
    fault: "aborts signals without the Cancelled as reason",
    breaks: ["C18.1"],
    message: /with the Cancelled as its reason/,
    file: "scope/scope-node.ts",
    find: "for (const { controller, reason } of aborting) controller.abort(reason);",
    replace: "for (const { controller } of aborting) controller.abort();",
  },
  {
    fault: "gives a signal that has not aborted in a scope that is cancelled already",
    breaks: ["C18.4"],
    message: /is aborted from the start/,
    file: "scope/cancel-scope.ts",
    find: "if (this.effective !== undefined && !controller.signal.aborted)",
    replace: "if (this.effective !== undefined && controller.signal.aborted)",
  },
  {
    fault: "does not know its Cancelled behind an AbortError",
    breaks: ["C18.6"],
    message: /cause of an AbortError/,
    file: "scope/cancelled.ts",
    find: 'return name === "AbortError" && branded(cause);',
    replace: 'return name === "AbortError" && cause === brand;',
  },
  {
    fault: "runs a scope a second time",
    breaks: ["C19.1"],
    message: /run once rejects a second/,
    file: "scope/cancel-scope.ts",
    find: "if (this.entered) {",
    replace: "if (this.isOpen) {",
  },
  {
    fault: "keeps a scope that has ended among its parent's",
    breaks: ["C21.2"],
    message: /keeps no child alive/,
    file: "scope/scope-node.ts",
    find: "this.unlink(); if (this.firstChild !== undefined) this.endDescendants();",
    replace: "if (this.firstChild !== undefined) this.endDescendants();",
  },
  {
    fault: "keeps the parent of a scope that has ended",
    breaks: ["C21.1"],
    message: /keeps its parent not alive/,
    file: "scope/scope-node.ts",
    find: "end(): void {",
    replace: "keep: unknown; end(): void { this.keep = this.parent;",
  },
  {
    fault: "leaves the timer of a scope armed that has ended",
    breaks: ["C21.3"],
    message: /timer/,
    file: "scope/scope-node.ts",
    find: "this.parent = this.previous = this.next = this.firstChild = undefined; this.disarm();",
    replace: "this.parent = this.previous = this.next = this.firstChild = undefined;",
  },
  {
    fault: "leaves the timer of a sleep armed that was cancelled",
    breaks: ["C21.4"],
    message: /timer/,
    file: "timer-queue.ts",
    find: "this.timers.remove(this);",
    replace: "",
  },
  {
    fault: "lets a checkpoint pass in a scope that has ended",
    breaks: ["C22.1", "C22.4"],
    message: /throws ScopeClosedError/,
    file: "wait.ts",
    find: "if (!scope.isOpen) return failedIn(scope, scope.closedError());",
    replace: "",
  },
  {
    fault: "leaves the waits of a scope that ends waiting",
    breaks: ["C22.2", "C22.201"],
    message: /still in progress when its scope ends/,
    file: "scope/scope-node.ts",
    find: "while (this.firstWait !== undefined) this.firstWait.abandon(this.closedError());",
    replace: "",
  },
  {
    fault: "leaves the scopes below one that ends open",
    breaks: ["C22.3"],
    message: /descendants of a scope that ends/,
    file: "scope/scope-node.ts",
    find: "if (this.firstChild !== undefined) this.endDescendants();",
    replace: "",
  },
  {
    fault: "runs detached work in the scope around it",
    breaks: ["C22.7", "C22.8"],
    message: /outside every scope/,
    file: "context.ts",
    find: "return ambient.getStore() === undefined ? fn() : ambient.run(undefined, fn);",
    replace: "return fn();",
  },
  {
    fault: "walks through all waits of a scope for each that it cancels",
    breaks: ["C23.1"],
    message: /in proportion to the waits/,
    file: "wait.ts",
    find: "if (this.previousInScope !== undefined) this.scope.removeWait(this as Waiter);",
    replace: `let walked = 0;
      for (let wait = this.scope.firstWait; wait !== undefined; wait = wait.nextInScope) walked++;
      if (walked >= 0 && this.previousInScope !== undefined) this.scope.removeWait(this as Waiter);`,
  },
  {
    fault: "walks through all scopes around a checkpoint",
    breaks: ["C23.2"],
    message: /same at any nesting depth/,
    file: "wait.ts",
    find: "if (scope.effective === undefined) return undefined;",
    replace: `let cancelled = scope.effective;
      for (let node = scope.parent; node !== undefined; node = node.parent) cancelled ??= undefined;
      if (cancelled === undefined) return undefined;`,
  },
  {
    fault: "refuses checkpoints outside every scope",
    breaks: ["C24.2"],
    message: /outside every run works/,
    file: "wait.ts",
    find: "if (scope === undefined) return undefined;",
    replace: 'if (scope === undefined) return Promise.reject(new Error("outside every scope"));',
  },
];
