import { Effect, Fiber } from "effect";
import { cancelScope, sleepForever, taskGroup, waitAllTasksBlocked } from "anywhen";
import { milliseconds, nsPerOperation } from "../clock.ts";
import { baseline, peer, raw, Reading, type Row, subject } from "../row.ts";

function ignore(): void {}

async function inOneScope(count: number): Promise<Reading | undefined> {
  return cancelScope(async (scope) => {
    const waits: Promise<void>[] = [];
    for (let index = 0; index < count; index++) waits.push(sleepForever().catch(ignore));
    const start = milliseconds();
    scope.cancel();
    await Promise.all(waits);
    return new Reading(nsPerOperation(start, count));
  });
}

async function inOneGroup(count: number): Promise<Reading> {
  let start = 0;
  await taskGroup(async (tg) => {
    for (let index = 0; index < count; index++) tg.startSoon(sleepForever);
    await waitAllTasksBlocked();
    start = milliseconds();
    tg.cancel();
  });
  return new Reading(nsPerOperation(start, count));
}

async function byHand(count: number): Promise<Reading> {
  const rejects: ((error: unknown) => void)[] = [];
  const waits: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    waits.push(new Promise<never>((_, reject) => rejects.push(reject)).catch(ignore));
  }
  const start = milliseconds();
  const cancelled = new Error("cancelled");
  for (const reject of rejects) reject(cancelled);
  await Promise.all(waits);
  return new Reading(nsPerOperation(start, count));
}

interface Parked {
  resolve(value: never): void;
  reject(error: unknown): void;
}

/** Waits that may end otherwise before: each can be resumed, and is taken out as it ends. */
async function bySet(count: number): Promise<Reading> {
  const parked = new Set<Parked>();
  const waits: Promise<void>[] = [];
  for (let index = 0; index < count; index++) {
    const wait = new Promise<never>((resolve, reject) => parked.add({ resolve, reject }));
    waits.push(wait.catch(ignore));
  }
  const start = milliseconds();
  const cancelled = new Error("cancelled");
  for (const one of parked) {
    parked.delete(one);
    one.reject(cancelled);
  }
  await Promise.all(waits);
  return new Reading(nsPerOperation(start, count));
}

function inFibers(count: number): Promise<Reading> {
  const program = Effect.gen(function* () {
    const fibers: Fiber.Fiber<never>[] = [];
    for (let index = 0; index < count; index++) fibers.push(yield* Effect.forkChild(Effect.never));
    yield* Effect.sleep(1);
    const start = milliseconds();
    yield* Fiber.interruptAll(fibers);
    return new Reading(nsPerOperation(start, count));
  });
  return Effect.runPromise(program);
}

export const row: Row = {
  name: "cancel-waits",
  operation: "one of 100,000 parked waits, from cancel() to the end of the last",
  unit: "ns",
  operations: 100_000,
  contenders: [
    subject("one scope", inOneScope),
    subject("one task each", inOneGroup),
    ...baseline("reject functions in an array", byHand),
    raw("waits in a Set, each taken out", bySet),
    peer("effect interruptAll", inFibers, 0.3),
  ],
  targets: [{ atMost: 300 }],
};
