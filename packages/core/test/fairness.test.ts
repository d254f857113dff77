import { asCompleted, cancelScope, Event, run, sleepForever, taskGroup } from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { expect, test } from "vitest";

const backend = promiseBackend();

/** Keeps the thread busy, which is what heavy steps do; under load it takes longer, and fewer fit in. */
function compute(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Whether the event loop has had a turn since. */
function turnFrom(): { had: boolean } {
  const turn = { had: false };
  setImmediate(() => (turn.had = true));
  return turn;
}

const set = new Event();
set.set();

test("K4 a few heavy steps between checkpoints that do not wait give way to the event loop", async () => {
  await run(
    async () => {
      const turn = turnFrom();
      let steps = 0;
      for (; steps < 100 && !turn.had; steps++) {
        compute(1);
        await set.wait();
      }
      expect(steps).toBeLessThan(20);
    },
    { backend },
  );
});

test("K4 of many tasks each gives way at its next checkpoint once a turn is overdue", async () => {
  let steps = 0;
  await run(
    () =>
      taskGroup((tg) => {
        const turn = turnFrom();
        for (let i = 0; i < 200; i++) {
          tg.startSoon(async () => {
            for (; !turn.had && steps < 5_000; steps++) {
              compute(0.05);
              await set.wait();
            }
          });
        }
      }),
    { backend },
  );
  expect(steps).toBeLessThan(1_000);
});

test("K4 before many waits are cancelled at once the clock is looked at: a few such steps give way", async () => {
  await run(
    async () => {
      const turn = turnFrom();
      let steps = 0;
      for (; steps < 100 && !turn.had; steps++) {
        compute(3);
        await cancelScope(async (scope) => {
          const waits = [sleepForever(), sleepForever()];
          scope.cancel();
          await Promise.allSettled(waits);
        });
      }
      expect(steps).toBeLessThan(3);
    },
    { backend },
  );
});

test("K4 a loop over groups whose tasks need not wait lets the event loop have its turns", async () => {
  await run(
    async () => {
      const turn = turnFrom();
      for (let i = 0; i < 200_000 && !turn.had; i++)
        await taskGroup((tg) => void tg.startSoon(noop));
      expect(turn.had).toBe(true);
    },
    { backend },
  );
});

test("K4 an endless loop over tasks that start each other and need not wait is not endless for others", async () => {
  let started = 0;
  function* tasks(): Generator<() => void> {
    for (; started < 200_000; started++) yield noop;
  }
  await run(
    async () => {
      const turn = turnFrom();
      for await (const handle of asCompleted(tasks(), { concurrency: 1 })) {
        void handle;
        if (turn.had) break;
      }
    },
    { backend },
  );
  expect(started).toBeLessThan(200_000);
});

function noop(): void {}
