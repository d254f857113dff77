import { promiseBackend } from "@anywhen/promise";
import { expect, test } from "vitest";
import {
  currentScope,
  describeTasks,
  Event,
  run,
  sleep,
  taskGroup,
  UsageError,
  waitAllTasksBlocked,
  withVirtualClock,
} from "../src/index.ts";

test("describeTasks() draws the tasks of a run as a tree, with what each waits for", async () => {
  let seen = "";
  let answer = (): void => {};
  const foreign = new Promise<void>((resolve) => (answer = resolve));
  const main = (): Promise<unknown> =>
    taskGroup(async (outer) => {
      outer.startSoon(
        () => taskGroup((inner) => void inner.startSoon(() => sleep(50), { name: "sleeper" })),
        { name: "parent" },
      );
      outer.startSoon(() => new Event({ name: "go" }).wait(), { name: "waiter" });
      await waitAllTasksBlocked();
      outer.startSoon(() => foreign, { name: "fetcher" });
      outer.startSoon(() => {}, { name: "newcomer" });
      seen = describeTasks();
      await new Promise<void>((resolve) => setImmediate(resolve));
      expect(describeTasks(currentScope())).toContain(
        'task "fetcher" runs, or awaits a promise of the outside',
      );
      answer();
      outer.cancel();
    });
  await run(main, { backend: withVirtualClock(promiseBackend()), name: "main" });
  expect(seen.split("\n")).toEqual([
    'task "main" runs, or awaits a promise of the outside',
    '  task "parent" waits for the tasks of an unnamed task group',
    '    task "sleeper" waits for the instant 50',
    '  task "waiter" waits for Event "go"',
    '  task "fetcher" has not begun yet',
    '  task "newcomer" has not begun yet',
  ]);
});

test("describeTasks() outside every run is an error that says so", () => {
  expect(() => describeTasks()).toThrow(UsageError);
});
