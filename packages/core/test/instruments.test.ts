import { Event, Lock, run } from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { expect, test } from "vitest";

test("D4 a wait that is over in the turn in which it began is told of with what it was for", async () => {
  const log: string[] = [];
  const instrument = {
    taskWaiting: (_: unknown, what: string | undefined) => log.push(`waits for ${what}`),
    taskResumed: (_: unknown, why: string) => log.push(`resumed: ${why}`),
  };
  await run(
    async () => {
      const lock = new Lock({ name: "db" });
      const lease = await lock.acquire();
      const acquired = lock.acquire();
      lease.release();
      await acquired;
      const event = new Event();
      const waited = event.wait();
      event.set();
      await waited;
    },
    { backend: promiseBackend(), instruments: [instrument] },
  );
  expect(log).toEqual([
    'waits for Lock "db" held by task "main"',
    "resumed: value",
    "waits for an Event",
    "resumed: value",
  ]);
});
