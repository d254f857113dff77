import { Mutex } from "async-mutex";
import { Sema } from "async-sema";
import { Effect, Semaphore } from "effect";
import { Lock, taskGroup } from "anywhen";
import { HandWrittenLock } from "../hand-written/lock.ts";
import { baseline, peer, type Row, subject } from "../row.ts";

const tasks = 100;

/** Held across an await, so that the others queue up. */
async function body(): Promise<void> {
  await Promise.resolve();
}

async function inTasks(count: number): Promise<void> {
  const lock = new Lock();
  await taskGroup((tg) => {
    for (let task = 0; task < tasks; task++) {
      tg.startSoon(async () => {
        for (let index = 0; index < count / tasks; index++) await lock.use(body);
      });
    }
  });
}

/** The same without tasks, for locks that know none. */
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

function handWritten(count: number): Promise<void> {
  const lock = new HandWrittenLock();
  return contended(count, () => lock.use(body));
}

function asyncMutex(count: number): Promise<void> {
  const mutex = new Mutex();
  return contended(count, () => mutex.runExclusive(body));
}

function asyncSema(count: number): Promise<void> {
  const sema = new Sema(1);
  return contended(count, async () => {
    await sema.acquire();
    try {
      await body();
    } finally {
      sema.release();
    }
  });
}

function effectSemaphore(count: number): Promise<void> {
  const guarded = Semaphore.makeUnsafe(1).withPermits(1)(Effect.yieldNow);
  const loop = Effect.gen(function* () {
    for (let index = 0; index < count / tasks; index++) yield* guarded;
  });
  const loops = Array.from({ length: tasks }, () => loop);
  return Effect.runPromise(Effect.all(loops, { concurrency: "unbounded", discard: true }));
}

export const row: Row = {
  name: "lock-contended-100",
  operation:
    "one of the acquisitions by 100 tasks that all want the lock and hold it across an await",
  unit: "ns",
  operations: 100_000,
  contenders: [
    subject("lock.use", inTasks),
    ...baseline("hand-written use", handWritten),
    peer("async-mutex runExclusive", asyncMutex, 0.2),
    peer("async-sema acquire, release", asyncSema),
    peer("effect Semaphore(1).withPermits", effectSemaphore, 0.2),
  ],
  targets: [{ than: "hand-written use", atMost: 2.5 }],
};
