import { Semaphore as MutexSemaphore } from "async-mutex";
import { Sema } from "async-sema";
import { Effect, Semaphore as EffectSemaphore } from "effect";
import pLimit from "p-limit";
import { Semaphore, taskGroup } from "anywhen";
import { HandWrittenSemaphore } from "../hand-written/semaphore.ts";
import { baseline, peer, type Row, subject } from "../row.ts";

const tasks = 100;
const permits = 10;

async function body(): Promise<void> {
  await Promise.resolve();
}

async function inTasks(count: number): Promise<void> {
  const semaphore = new Semaphore(permits);
  await taskGroup((tg) => {
    for (let task = 0; task < tasks; task++) {
      tg.startSoon(async () => {
        for (let index = 0; index < count / tasks; index++) await semaphore.use(body);
      });
    }
  });
}

async function contended(count: number, use: () => Promise<void>): Promise<void> {
  const loops: Promise<void>[] = [];
  for (let task = 0; task < tasks; task++) {
    loops.push(
      (async () => {
        for (let index = 0; index < count / tasks; index++) await use();
      })(),
    );
  }
  await Promise.all(loops);
}

interface Permits {
  acquire(): Promise<unknown>;
  release(): void;
}

function byHand(semaphore: Permits): () => Promise<void> {
  return async () => {
    await semaphore.acquire();
    try {
      await body();
    } finally {
      semaphore.release();
    }
  };
}

function asyncMutex(count: number): Promise<void> {
  const semaphore = new MutexSemaphore(permits);
  return contended(count, () => semaphore.runExclusive(body));
}

function limited(count: number): Promise<void> {
  const limit = pLimit(permits);
  return contended(count, () => limit(body));
}

function effectSemaphore(count: number): Promise<void> {
  const guarded = EffectSemaphore.makeUnsafe(permits).withPermits(1)(Effect.yieldNow);
  const loop = Effect.gen(function* () {
    for (let index = 0; index < count / tasks; index++) yield* guarded;
  });
  const loops = Array.from({ length: tasks }, () => loop);
  return Effect.runPromise(Effect.all(loops, { concurrency: "unbounded", discard: true }));
}

export const row: Row = {
  name: "semaphore",
  operation: "one of the acquisitions by 100 tasks of ten permits, held across an await",
  unit: "ns",
  operations: 100_000,
  contenders: [
    subject("semaphore.use", inTasks),
    ...baseline("hand-written", (count) =>
      contended(count, byHand(new HandWrittenSemaphore(permits))),
    ),
    peer("async-mutex Semaphore", asyncMutex, 0.2),
    peer("async-sema", (count) => contended(count, byHand(new Sema(permits)))),
    peer("p-limit", limited, 0.2),
    peer("effect Semaphore", effectSemaphore, 0.2),
  ],
};
