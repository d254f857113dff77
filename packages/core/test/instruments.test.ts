import { CancelScope, checkpoint, Event, Lock, moveOnAfter, run } from "@anywhen/core";
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

test("D4 a scope whose deadline is past when it is entered is told of before it is cancelled", async () => {
  const log: string[] = [];
  const instrument = {
    scopeEntered: ({ name }: { name: string | undefined }) => log.push(`entered ${name}`),
    scopeCancelled: ({ name }: { name: string | undefined }) => log.push(`cancelled ${name}`),
  };
  const main = () => moveOnAfter(0, () => checkpoint(), { name: "late" });
  await run(main, { backend: promiseBackend(), instruments: [instrument] });
  expect(log).toEqual(["entered main", "entered late", "cancelled late"]);
});

test("D4 a wait that a backend cancels while its call parks is told of first", async () => {
  const log: string[] = [];
  const scope = new CancelScope();
  let onIdle = (): void => {};
  const backend = { ...promiseBackend(), idle: () => onIdle() };
  const instrument = {
    taskWaiting: () => log.push("waiting"),
    taskResumed: (_: unknown, why: string) => log.push(why),
  };
  const main = () =>
    scope.run(() => {
      onIdle = () => scope.cancel();
      return new Event().wait();
    });
  await run(main, { backend, instruments: [instrument] });
  expect(log).toEqual(["waiting", "cancel"]);
});

test("D4, C4 who hears that a scope was left finds out that it has absorbed its cancellation", async () => {
  const seen: boolean[] = [];
  const scope = new CancelScope({ name: "inner" });
  const instrument = {
    scopeExited: ({ name }: { name: string | undefined }) =>
      name === "inner" && seen.push(scope.cancelledCaught),
  };
  const main = async (): Promise<void> => {
    await scope.run(async () => {
      scope.cancel();
      await checkpoint();
    });
  };
  await run(main, { backend: promiseBackend(), instruments: [instrument] });
  expect(seen).toEqual([true]);
});
