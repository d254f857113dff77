import type { CoreMutant } from "../mutant.ts";

/** H: faults in the concurrency helpers. */
export const helperMutants: readonly CoreMutant[] = [
  {
    fault: "does not cancel the others when one fails in gather()",
    breaks: ["H1.3"],
    message: /first failure in gather\(\) cancels the rest/,
    file: "concurrency/gather.ts",
    find: "handles = fns.map((fn) => tg.startSoon(fn));",
    replace: `handles = fns.map((fn) =>
        tg.startSoon(() => taskGroup((alone) => { alone.scope.shield = true; return fn(); })));`,
  },
  {
    fault: "does not cancel the losers of a race",
    breaks: ["H1.4"],
    message: /cancels and awaits the rest/,
    file: "concurrency/race.ts",
    find: 'tg.cancel("another one won the race");',
    replace: "",
  },
  {
    fault: "does not wait for the losers of a race",
    breaks: ["H1.4"],
    message: /cancels and awaits the rest/,
    file: "concurrency/race.ts",
    find: "await taskGroup((tg) => {",
    replace: `const won = new Promise<void>((resolve) => {
      let winner: Race<T>["winner"];
      Object.defineProperty(race, "winner", {
        get: () => winner,
        set: (value: Race<T>["winner"]) => { winner = value; resolve(); },
      });
    });
    await ((body: (tg: TaskGroup) => void) => Promise.race([taskGroup(body), won]))((tg) => {`,
  },
  {
    fault: "loses a race with the first failure",
    breaks: ["H1.5", "H1.6"],
    message: /not lost by a failure/,
    file: "concurrency/race.ts",
    find: "this.#errors.push(error); this.#names.push(name);",
    replace: "throw error;",
  },
  {
    fault: "gives the results of mapConcurrent() in the order of their ends",
    breaks: ["H1.8", "H2.5"],
    message: /in the order of the input/,
    file: "concurrency/map-concurrent.ts",
    find: "results[pulled.index] = await fn(pulled.item, pulled.index);",
    replace: "results.push(await fn(pulled.item, pulled.index));",
  },
  {
    fault: "runs one call of mapConcurrent() more than it may",
    breaks: ["H2.1"],
    message: /at most `concurrency` calls at once/,
    file: "concurrency/map-concurrent.ts",
    find: "hired < concurrency;",
    replace: "hired <= concurrency;",
  },
  {
    fault: "takes items of its input ahead of time in mapConcurrent()",
    breaks: ["H2.2"],
    message: /before there is room for it/,
    file: "concurrency/input.ts",
    find: "const step = this.iterator.next(); if (step.done === true) return undefined;",
    replace: `const self = this as { ahead?: IteratorResult<A> };
      const step = self.ahead ?? this.iterator.next();
      if (step.done === true) return undefined;
      self.ahead = this.iterator.next();`,
  },
  {
    fault: "calls next() of an async input before the last call has settled",
    breaks: ["H2.3", "H2.6"],
    message: /one item at a time/,
    file: "concurrency/input.ts",
    find: "if (this.pulling) {",
    replace: "if (this.pulling && this.done) {",
  },
  {
    fault: "lets a newcomer in between when the turn to pull is handed over",
    breaks: ["H2.6"],
    message: /two calls of next\(\) under way/,
    file: "concurrency/input.ts",
    find: "else this.turns.first.resume();",
    replace: "else { this.pulling = false; this.turns.first.resume(); }",
  },
  {
    fault: "does not close the input that mapConcurrent() leaves early",
    breaks: ["H1.16", "H1.18"],
    message: /closes its input|has cleaned up/,
    file: "concurrency/map-concurrent.ts",
    find: "try { await input.close(); return failure;",
    replace: "try { return failure;",
  },
  {
    fault: "leaves the rest running when a loop over asCompleted() is left",
    breaks: ["H1.11"],
    message: /Leaving the loop over asCompleted\(\) cancels/,
    file: "concurrency/as-completed.ts",
    find: "if (this.#live > 0) this.#group.cancel(reason);",
    replace: "",
  },
  {
    fault: "runs all of asCompleted() at once",
    breaks: ["H1.13"],
    message: /at most `concurrency` at once/,
    file: "concurrency/as-completed.ts",
    find: "while (this.#live < this.#concurrency && !this.#exhausted) {",
    replace: "while (!this.#exhausted) {",
  },
  {
    fault: "resolves a race of nothing",
    breaks: ["H3.4"],
    message: /race\(\) of nothing is a RangeError/,
    file: "concurrency/race.ts",
    find: "if (entrants.length === 0)",
    replace: "if (entrants.length === 0) return undefined as T; if (entrants.length === 0)",
  },
  {
    fault: "waits for ever in asCompleted() of nothing",
    breaks: ["H3.3"],
    message: /had not ended/,
    file: "concurrency/as-completed.ts",
    find: "if (this.#live === 0 || this.#leaving) break;",
    replace: "if ((this.#live === 0 && this.#closed === undefined) || this.#leaving) break;",
  },
];
