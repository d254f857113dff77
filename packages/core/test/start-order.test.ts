import { promiseBackend } from "@anywhen/promise";
import { expect, test } from "vitest";
import { describeTasks, run, taskGroup, type TaskGroup } from "../src/index.ts";

const backend = promiseBackend();

test("tasks begin in the order in which they were started, however many are started at once", async () => {
  const begun: number[] = [];
  let started = 0;
  const start = (tg: TaskGroup): void => {
    const number = started++;
    tg.startSoon(async () => {
      begun.push(number);
      // Also the ones that start while others are still to begin: they come last.
      if (number % 3 === 0 && number < 900) for (let child = 0; child < 2; child++) start(tg);
      await Promise.resolve();
      if (number % 7 === 0 && number < 900) start(tg);
    });
  };
  const main = (): Promise<unknown> =>
    taskGroup((outer) =>
      taskGroup((inner) => {
        for (let index = 0; index < 1_000; index++) start(index % 2 === 0 ? outer : inner);
      }),
    );
  for (let round = 0; round < 2; round++) {
    started = begun.length = 0;
    await run(main, { backend });
    expect(begun).toEqual(Array.from({ length: started }, (_, number) => number));
    expect(started).toBeGreaterThan(1_700);
  }
});

test("describeTasks() says that a group waits for tasks that have not begun", async () => {
  const parent = (): Promise<unknown> =>
    taskGroup(
      (tg) => {
        for (let index = 0; index < 1_000; index++) tg.startSoon(() => {});
      },
      { name: "new" },
    );
  let seen = "";
  const main = (): Promise<unknown> =>
    taskGroup(async (tg) => {
      tg.startSoon(parent, { name: "parent" });
      // Microtasks, until it waits: of its tasks only the first have begun by then.
      while (!seen.includes('parent" waits')) {
        await Promise.resolve();
        seen = describeTasks();
      }
    });
  await run(main, { backend, name: "main" });
  expect(seen).toContain('task "parent" waits for the tasks of task group "new"');
  expect(seen).toContain("has not begun yet");
});
