import { now, run, sleep, taskGroup } from "@anywhen/core";
import { expect, test } from "vitest";
import { runConformance, withVirtualClock } from "../src/index.ts";
import { referenceBackend } from "./reference-backend.ts";

test("a virtual clock lets a year pass at once and to the exact millisecond", async () => {
  const year = 365 * 24 * 3_600_000;
  const slept = await run(
    async () => {
      const start = now();
      await sleep(year);
      return now() - start;
    },
    { backend: withVirtualClock(referenceBackend()) },
  );
  expect(slept).toBe(year);
});

test("a virtual clock stands still while a task waits for the host", async () => {
  const log: string[] = [];
  await run(
    () =>
      taskGroup((tg) => {
        tg.startSoon(async () => {
          for (let count = 0; count < 5; count += 1)
            await new Promise((resolve) => setImmediate(resolve));
          log.push("host");
        });
        tg.startSoon(() => sleep(1).then(() => log.push("clock")));
      }),
    { backend: withVirtualClock(referenceBackend()) },
  );
  expect(log).toEqual(["host", "clock"]);
});

test("a virtual clock stands still while a turn of the backend is under way, however late it comes", async () => {
  const reference = referenceBackend();
  const slow = {
    ...reference,
    reschedule: (callback: () => void) => void setTimeout(callback, 20),
  };
  const backend = withVirtualClock(slow);
  const log: string[] = [];
  backend.setTimer(1, () => log.push("timer"));
  backend.reschedule(() => log.push("turn"), undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(log).toEqual(["turn", "timer"]);
});

test("a virtual clock claims virtual time and keeps what else the backend claims", () => {
  const reference = {
    ...referenceBackend(),
    capabilities: { virtualTime: false, deterministic: false, hostCancel: true },
  };
  expect(withVirtualClock(reference).capabilities).toEqual({
    virtualTime: true,
    deterministic: false,
    hostCancel: true,
  });
});

test("a backend whose time is virtual by nature passes every case that applies to it", async () => {
  const results = await runConformance({
    name: "virtual",
    create: () => withVirtualClock(referenceBackend()),
  });
  const failed = results.filter(({ status }) => status !== "pass" && status !== "skip");
  expect(failed.map((result) => result.message)).toEqual([]);
  const skipped = results.filter(({ status }) => status === "skip");
  expect(new Set(skipped.map((result) => result.case.clock))).toEqual(new Set(["real"]));
}, 60_000);
