import { Effect, Fiber } from "effect";
import { Event, taskGroup, waitAllTasksBlocked } from "anywhen";
import { Around, CancellableLock } from "../hand-written/cancellable-lock.ts";
import { inOwnContext } from "../hand-written/own-context.ts";
import { baseline, peer, raw, Reading, type Row, subject } from "../row.ts";

/** Bytes in use once garbage is gone; weak references die a turn after what they refer to. */
async function bytesInUse(): Promise<number> {
  for (let pass = 0; pass < 3; pass++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}

async function inTasks(count: number): Promise<Reading> {
  const event = new Event();
  const before = await bytesInUse();
  let after = before;
  await taskGroup(async (tg) => {
    for (let index = 0; index < count; index++) tg.startSoon(async () => event.wait());
    await waitAllTasksBlocked();
    after = await bytesInUse();
    event.set();
  });
  return new Reading((after - before) / count);
}

type Call = (suspended: () => Promise<void>) => Promise<void>;

async function inAsyncFunctions(count: number, call: Call): Promise<Reading> {
  const resolves: (() => void)[] = [];
  const before = await bytesInUse();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    calls.push(call(async () => new Promise<void>((resolve) => resolves.push(resolve))));
  }
  const after = await bytesInUse();
  for (const resolve of resolves) resolve();
  await Promise.all(calls);
  return new Reading((after - before) / count);
}

/** Each call in a context by which its waits can be cancelled. */
async function inCancellableCalls(count: number): Promise<Reading> {
  const lock = new CancellableLock();
  await lock.acquire();
  const before = await bytesInUse();
  const calls: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    calls.push(new Around().run(async () => lock.acquire()));
  }
  const after = await bytesInUse();
  for (let index = 0; index < count; index++) lock.release();
  await Promise.all(calls);
  return new Reading((after - before) / count);
}

function inFibers(count: number): Promise<Reading> {
  const program = Effect.gen(function* () {
    const before = yield* Effect.promise(bytesInUse);
    const fibers: Fiber.Fiber<never>[] = [];
    for (let index = 0; index < count; index++) fibers.push(yield* Effect.forkChild(Effect.never));
    const after = yield* Effect.promise(bytesInUse);
    yield* Fiber.interruptAll(fibers);
    return new Reading((after - before) / count);
  });
  return Effect.runPromise(program);
}

const suspended = "suspended async function";

export const row: Row = {
  name: "memory-parked-task",
  operation: "bytes of heap for one of 20,000 tasks that wait for an event",
  unit: "bytes",
  operations: 20_000,
  requires: ["heap size"],
  contenders: [
    subject("task", inTasks),
    ...baseline(suspended, (count) => inAsyncFunctions(count, (call) => call())),
    raw("the same in a context of its own", (count) => inAsyncFunctions(count, inOwnContext)),
    raw("the same that can be cancelled, by hand", inCancellableCalls),
    peer("effect fiber", inFibers),
  ],
  targets: [{ than: suspended, by: "difference", atMost: 700 }],
};
