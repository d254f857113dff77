// Tests that pass, one for each thing that the integration offers. Run by vitest.test.ts.
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "@anywhen/testing/vitest";
import {
  currentBackend,
  currentTask,
  now,
  run,
  runningTasks,
  sleep,
  sleepForever,
  taskGroup,
} from "anywhen";
import { aroundEach, describe, expect, vi } from "vitest";

const hour = 3_600_000;

test("a body is a task of a run that is named after the test", ({ task }) => {
  expect(currentTask().name).toBe("the test");
  expect(runningTasks().map(({ name }) => name)).toEqual([task.name, "the test"]);
});

test("asking for the clock puts the run in virtual time", async ({ clock }) => {
  await sleep(hour);
  expect([clock.now, now()]).toEqual([hour, hour]);
});

test("background tasks are cancelled at the end", ({ tg }) => {
  tg.startSoon(() => sleepForever());
});

test("a job is given up after an hour", async ({ clock, tg }) => {
  const job = tg.startSoon(() => sleep(2 * hour));
  await clock.advance(hour);
  expect(job.state).toBe("running");
  await clock.advance(hour);
  expect(job.state).toBe("finished");
});

test.onEveryBackend("runs on it", async ({ clock, task }) => {
  await sleep(hour);
  expect(task.name).toBe(`runs on it [${currentBackend().name}]`);
  expect(clock.now).toBe(hour);
});

test.onBackends(["effect"]).each([1, 2])("takes each of several cases: %d", (value) => {
  expect(currentBackend().name).toBe("effect");
  expect([1, 2]).toContain(value);
});

test.for([{ ms: 5 }, { ms: 7 }])("takes $ms with fixtures", async ({ ms }, { clock }) => {
  await sleep(ms);
  expect(clock.now).toBe(ms);
});

test.fails("a failing body fails the test", () => {
  throw new Error("as it should");
});

test.fails("a failing task fails the test", async ({ tg }) => {
  tg.startSoon(() => Promise.reject(new Error("as it should")));
  await sleepForever();
});

test.skip("skipped", () => {
  throw new Error("never run");
});

test("skips itself", ({ skip }) => {
  skip("no reason");
});

test.todo("still to be written");

test.concurrent("one beside another", ({ clock }) => expect(clock.now).toBe(0));
test.concurrent("another beside one", ({ clock }) => expect(clock.now).toBe(0));

let attempts = 0;
test("a retried test has a new clock", { retry: 1 }, async ({ clock }) => {
  await sleep(10);
  expect(clock.now).toBe(10);
  expect(++attempts).toBe(2);
});

describe("fixtures of one's own", () => {
  const events: string[] = [];
  const mine = test
    .extend("database", async ({ clock }, { onCleanup }) => {
      onCleanup(() => void events.push("closed"));
      return { openedAt: clock.now };
    })
    .extend<{ virtualTime: { start: number } }>({ virtualTime: { start: 100 } });

  mine("are there, and may use the clock", async ({ database, clock, tg }) => {
    tg.startSoon(() => events.push("began"));
    await sleep(5);
    expect([database.openedAt, clock.now]).toEqual([100, 105]);
    expect(events).toEqual(["began"]);
  });

  mine("are closed after the test", () => {
    expect(now()).toBe(100);
    expect(events).toEqual(["began", "closed"]);
  });
});

describe("a backend for a suite", () => {
  test.override({ backend: "rxjs" });
  test("is the one that its tests run on", () => expect(currentBackend().name).toBe("rxjs"));
});

describe("options of a suite", { retry: 1 }, () => {
  let tries = 0;
  test("are those of its tests", () => expect(++tries).toBe(2));
});

describe.concurrent("a concurrent suite", () => {
  test("has concurrent tests", ({ task }) => expect(task.concurrent).toBe(true));
  test.sequential("but for some", ({ task }) => expect(task.concurrent).toBeFalsy());
});

describe("ambient context", () => {
  const storage = new AsyncLocalStorage<string>();
  aroundEach((runTest) => storage.run("mine", runTest));

  test("stays that of the caller, in tasks too", async ({ tg }) => {
    await sleep(1);
    expect(storage.getStore()).toBe("mine");
    const seen = tg.startSoon(() => storage.getStore());
    expect(await seen.result()).toBe("mine");
  });
});

test("fake timers of vitest leave the clock alone", async ({ clock }) => {
  vi.useFakeTimers();
  try {
    await sleep(hour);
    expect(clock.now).toBe(hour);
  } finally {
    vi.useRealTimers();
  }
});

test("runs and groups inside are as ever", async () => {
  const inner = await run(() => taskGroup((tg) => tg.startSoon(() => 5).result()));
  expect(inner).toBe(5);
});
