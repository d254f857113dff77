// Tests that fail, each in a way of its own. Run by vitest.test.ts, which compares what is reported.
import { test } from "@anywhen/testing/vitest";
import { Event, Lock, shield, sleep, sleepForever, taskGroup } from "anywhen";
import { expect } from "vitest";

test("a failing assertion is shown as vitest shows it", () => {
  expect({ port: 80 }).toEqual({ port: 8080 });
});

test("a failing background task is shown in its tree", async ({ tg }) => {
  const crawl = (): Promise<unknown> =>
    taskGroup((pages) => {
      pages.startSoon(() => Promise.reject(new TypeError("no such page")), { name: "page 7" });
    });
  tg.startSoon(crawl, { name: "crawler" });
  await sleepForever();
});

test("the tree of a group that fails in the body is shown", async () => {
  await taskGroup((tg) => {
    tg.startSoon(() => Promise.reject(new Error("first")), { name: "one" });
    tg.startSoon(() => Promise.reject(new Error("second")), { name: "other" });
  });
});

test("failures of body and background are both shown", async ({ tg }) => {
  const failing = tg.startSoon(() => Promise.reject(new Error("in the task")), { name: "worker" });
  await shield(() => failing.wait());
  throw new Error("in the body");
});

test("leftover tasks are named", async () => {
  const forgotten = taskGroup((tg) => void tg.startSoon(sleepForever, { name: "straggler" }));
  forgotten.catch(() => {});
  await sleep(1);
});

test("a deadlock is found at once", async ({ clock, tg }) => {
  const lock = new Lock({ name: "db" });
  tg.startSoon(() => lock.use(() => new Event({ name: "never" }).wait()), { name: "holder" });
  await clock.advance(1);
  await lock.acquire();
});

test("a test that does not end shows its tasks", { timeout: 1_000 }, async ({ tg }) => {
  tg.startSoon(() => new Event({ name: "the answer" }).wait(), { name: "asker" });
  await new Promise(() => {});
});

test.onBackends(["no-such"])("a backend that is not there", () => {});

test("an assertion of a background task shows what it expected", async ({ tg }) => {
  tg.startSoon(() => expect(80).toBe(8080), { name: "checker" });
  await sleepForever();
});

const withServer = test.extend("server", ({ tg }) => tg.startSoon(() => {}));
withServer("a fixture cannot start tasks", ({ server }) => server.wait());
