import {
  asCompleted,
  cancelScope,
  checkpoint,
  currentScope,
  mapConcurrent,
  moveOnAfter,
  run,
  shield,
  sleep,
  TaskCancelled,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { afterTurn } from "../turn.ts";

/** H: helpers over async inputs, which may be slow, shared, or left in the middle of a step. */
export const asyncInputCases: readonly Case[] = [
  timeless(
    "H2.5",
    "mapConcurrent() gives the results of an async input in input order, however long",
    async (t) => {
      async function* numbers(): AsyncGenerator<number> {
        for (let number = 0; number < 3_000; number += 1) yield number;
      }
      const results = await t.run(() =>
        mapConcurrent(
          numbers(),
          async (number) => {
            if (number % 7 === 0) await checkpoint();
            return number;
          },
          { concurrency: 8 },
        ),
      );
      t.equal(
        results.findIndex((result, index) => result !== index),
        -1,
        "the first result out of place",
      );
      t.equal(results.length, 3_000, "how many results there are");
    },
  ),
  timeless("H2.6", "mapConcurrent() never has two calls of next() under way", async (t) => {
    let underWay = 0;
    let most = 0;
    let left = 200;
    const input: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        async next() {
          most = Math.max(most, ++underWay);
          await t.turn();
          await t.turn();
          underWay -= 1;
          return left-- > 0 ? { done: false, value: left } : { done: true, value: undefined };
        },
      }),
    };
    // Whoever is handed the turn to pull gets it late, so that a newcomer may come in between.
    const late = { ...t.backend, wake: (_: unknown, resume: () => void) => afterTurn(resume) };
    await run(() => mapConcurrent(input, (item) => item, { concurrency: 4 }), { backend: late });
    t.equal(most, 1, "the most calls under way");
  }),
  virtual(
    "H1.16",
    "A cancelled mapConcurrent() ends after its input, a generator, has cleaned up",
    async (t) => {
      await t.run(async () => {
        async function* slow(): AsyncGenerator<number> {
          try {
            yield 1;
            await sleep(1_000);
          } finally {
            await shield(() => sleep(30));
            t.log.push("cleaned up");
          }
        }
        await moveOnAfter(20, () => mapConcurrent(slow(), () => {}, { concurrency: 2 }));
        t.log.push("over");
      });
      t.expectLog(["cleaned up", "over"]);
    },
  ),
  virtual(
    "H1.17",
    "A cancelled mapConcurrent() does not wait for an input of others",
    async (t) => {
      const silent: AsyncIterable<number> = {
        [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
      };
      await t.run(() =>
        cancelScope(async (scope) => {
          const work = mapConcurrent(silent, (item) => item);
          await checkpoint();
          scope.cancel();
          await work;
        }),
      );
    },
  ),
  timeless(
    "H1.18",
    "mapConcurrent() closes its input also when its own tasks were cancelled",
    async (t) => {
      async function* endless(): AsyncGenerator<number> {
        try {
          for (;;) yield 1;
        } finally {
          t.log.push("closed");
        }
      }
      await t.run(async () => {
        const work = mapConcurrent(
          endless(),
          () => {
            currentScope()?.cancel();
            return checkpoint();
          },
          { concurrency: 1 },
        );
        await t.rejects(work, TaskCancelled);
      });
      t.expectLog(["closed"]);
    },
  ),
  virtual("H1.19", "Two that pull from one asCompleted() both come to its end", async (t) => {
    await t.run(async () => {
      const steps = asCompleted([() => sleep(5)])[Symbol.asyncIterator]();
      const [first, second] = await Promise.all([steps.next(), steps.next()]);
      t.equal([first.done, second.done], [false, true], "what each was told");
    });
  }),
];
