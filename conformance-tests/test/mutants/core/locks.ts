import type { CoreMutant } from "../mutant.ts";

/** L1 to L5, L10: faults in queues, leases, locks, semaphores and limiters. */
export const lockMutants: readonly CoreMutant[] = [
  {
    fault: "wakes waiters last in, first out",
    breaks: ["L1.1", "L1.2", "L1.3", "M2.5", "M2.6"],
    message: /in the order they came/,
    file: "wait-queue.ts",
    find: "return this.head;",
    replace: "return this.tail;",
  },
  {
    fault: "loses count of a queue when a waiter leaves it",
    breaks: ["L3.22", "L7.6", "M9.2"],
    message: /exact at every step/,
    file: "wait-queue.ts",
    find: "this.length--;",
    replace: "",
  },
  {
    fault: "loses whoever waits behind one that leaves from the middle of a queue",
    breaks: ["L1.31", "L1.32"],
    message: /order of the others/,
    file: "wait-queue.ts",
    find: "else previous.next = next;",
    replace: "else previous.next = undefined;",
  },
  {
    fault: "frees a lock before it hands it over",
    breaks: ["L3.1", "L3.21", "L1.11"],
    message: /between release and hand-over/,
    file: "sync/lock.ts",
    find: "const next = this.queue.first;",
    replace: `this.current = undefined;
      queueMicrotask(() => {
        const waiting = this.queue.first;
        if (waiting !== undefined && this.current === undefined) waiting.resume(this.grant(waiting.task));
      });
      const next = undefined as Waiter<Lease> | undefined;`,
  },
  {
    fault: "lets an acquire of a lock overtake those who wait",
    breaks: ["L1.1"],
    message: /in the order they came/,
    file: "sync/lock.ts",
    find: "const waiter = parkIn<Lease>(scope); this.queue.push(waiter);",
    replace: `const waiter = parkIn<Lease>(scope);
      const others = [];
      for (let first = this.queue.first; first !== undefined; first = this.queue.first) {
        others.push(first);
        this.queue.remove(first);
      }
      this.queue.push(waiter);
      for (const other of others) this.queue.push(other);`,
  },
  {
    fault: "loses the wake-up of who waits for a lock",
    breaks: ["L1.1", "L3.1"],
    message: /had not ended/,
    file: "sync/lock.ts",
    find: "this.current = lease; next.resume(lease);",
    replace: "this.current = lease;",
  },
  {
    fault: "frees the permit of a semaphore before it hands it over",
    breaks: ["L3.2", "L3.32"],
    message: /between release and hand-over/,
    file: "sync/semaphore.ts",
    find: "if (next !== undefined) { next.resume(new HeldLease(this, undefined)); return; }",
    replace: `if (next !== undefined) {
        this.permits++;
        queueMicrotask(() => { if (this.permits > 0) this.queue.first?.resume(this.grant()); });
        return;
      }`,
  },
  {
    fault: "lets a semaphore grow past its maximum",
    breaks: ["L3.35", "L3.36"],
    message: /past its maxValue|is a RangeError/,
    file: "sync/semaphore.ts",
    find: "if (this.permits === this.maxValue) {",
    replace: "if (this.permits === this.maxValue) return; if (this.permits === this.maxValue) {",
  },
  {
    fault: "takes a lease back twice",
    breaks: ["L2.1", "L2.11", "L2.12"],
    message: /twice is a UsageError/,
    file: "sync/lease.ts",
    find: "if (this.released) throw releasedTwice(this.lessor.label());",
    replace: "",
  },
  {
    fault: "forgets a double release instead of throwing",
    breaks: ["L2.2"],
    message: /twice is a UsageError/,
    file: "sync/lease.ts",
    find: "if (this.released) throw releasedTwice(this.lessor.label());",
    replace: "if (this.released) return;",
  },
  {
    fault: "takes a lease back again at the end of its block",
    breaks: ["L2.41"],
    message: /after a release by hand does nothing/,
    file: "sync/lease.ts",
    find: "if (!this.released) this.release();",
    replace: "this.release();",
  },
  {
    fault: "knows no lease twice where one task holds it already",
    breaks: ["L2.51"],
    message: /waits like any other/,
    file: "sync/lock.ts",
    find: "if (this.current === undefined) return passedIn(scope, this.grant(scope?.task));",
    replace:
      "if (this.current === undefined || this.current.holder === scope?.task) return passedIn(scope, this.grant(scope?.task));",
  },
  {
    fault: "lets two into a resource guard",
    breaks: ["L2.61"],
    message: /one in at a time/,
    file: "sync/resource-guard.ts",
    find: "if (this.use !== undefined) throw this.busy(this.use.task);",
    replace: "",
  },
  {
    fault: "keeps a waiter alive that was cancelled",
    breaks: ["L4.31"],
    message: /not kept alive/,
    file: "wait-queue.ts",
    find: "this.length--;",
    replace: "this.length--; ((this as { gone?: unknown[] }).gone ??= []).push(waiter);",
  },
  {
    fault: "wakes nobody when a limiter is raised",
    breaks: ["L5.1"],
    message: /Raising totalTokens wakes/,
    file: "sync/capacity-limiter.ts",
    find: "this.total = total; this.serve();",
    replace: "this.total = total;",
  },
  {
    fault: "wakes everybody when a limiter is raised",
    breaks: ["L5.1", "L5.3"],
    message: /wakes as many waiters as tokens were added/,
    file: "sync/capacity-limiter.ts",
    find: "next !== undefined && this.availableTokens > 0;",
    replace: "next !== undefined;",
  },
  {
    fault: "takes any number for a limiter's total",
    breaks: ["L5.7"],
    message: /is a RangeError and changes nothing/,
    file: "sync/capacity-limiter.ts",
    find: 'checkCount(total, "CapacityLimiter: totalTokens", { least: 0, orInfinity: true });',
    replace: "",
  },
  {
    fault: "lends two tokens to one borrower",
    breaks: ["L5.11", "L5.12"],
    message: /gets no second one/,
    file: "sync/capacity-limiter.ts",
    find: "if (!holds && !this.queue.borrowers.has(borrower)) return undefined;",
    replace: "if (!holds || this.queue.size >= 0) return undefined;",
  },
  {
    fault: "keeps a lease when the body of use() throws",
    breaks: ["L10.11", "L10.21"],
    message: /releases on throw/,
    file: "sync/lease.ts",
    find: "try { return await result; } finally { lease[Symbol.dispose](); }",
    replace: "const value = await result; lease[Symbol.dispose](); return value;",
  },
  {
    fault: "keeps a lease when the body of use() returns",
    breaks: ["L10.1"],
    message: /releases on return/,
    file: "sync/lease.ts",
    find: "try { return await result; } finally { lease[Symbol.dispose](); }",
    replace: "try { return await result; } catch (error) { lease[Symbol.dispose](); throw error; }",
  },
];
