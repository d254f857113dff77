import { Mutex } from "async-mutex";
import { Sema } from "async-sema";
import { Effect, Semaphore } from "effect";
import { Lock } from "anywhen";
import { HandWrittenLock } from "../hand-written/lock.ts";
import { baseline, peer, raw, type Row, subject } from "../row.ts";

const guarded = { calls: 0 };
function body(): void {
  guarded.calls++;
}

async function use(count: number): Promise<void> {
  const lock = new Lock();
  for (let index = 0; index < count; index++) await lock.use(body);
}

async function acquire(count: number): Promise<void> {
  const lock = new Lock();
  for (let index = 0; index < count; index++) {
    const lease = await lock.acquire();
    try {
      body();
    } finally {
      lease.release();
    }
  }
}

async function handWrittenAcquire(count: number): Promise<void> {
  const lock = new HandWrittenLock();
  for (let index = 0; index < count; index++) {
    await lock.acquire();
    try {
      body();
    } finally {
      lock.release();
    }
  }
}

async function handWrittenUse(count: number): Promise<void> {
  const lock = new HandWrittenLock();
  for (let index = 0; index < count; index++) await lock.use(body);
}

async function asyncMutex(count: number): Promise<void> {
  const mutex = new Mutex();
  for (let index = 0; index < count; index++) await mutex.runExclusive(body);
}

async function asyncSema(count: number): Promise<void> {
  const sema = new Sema(1);
  for (let index = 0; index < count; index++) {
    await sema.acquire();
    try {
      body();
    } finally {
      sema.release();
    }
  }
}

function effectSemaphore(count: number): Promise<void> {
  const call = Semaphore.makeUnsafe(1).withPermits(1)(Effect.sync(body));
  const program = Effect.gen(function* () {
    for (let index = 0; index < count; index++) yield* call;
  });
  return Effect.runPromise(program);
}

export const row: Row = {
  name: "lock-uncontended",
  operation: "a lock nobody else wants, acquired and released around a plain function",
  unit: "ns",
  operations: 200_000,
  contenders: [
    subject("lock.use", use),
    subject("lock.acquire, lease.release", acquire),
    ...baseline("hand-written acquire, release", handWrittenAcquire, 2),
    raw("hand-written use", handWrittenUse),
    peer("async-mutex runExclusive", asyncMutex, 0.2),
    peer("async-sema acquire, release", asyncSema),
    peer("effect Semaphore(1).withPermits", effectSemaphore, 0.5),
  ],
  targets: [
    { than: "hand-written acquire, release", atMost: 2 },
    { than: "hand-written acquire, release", atMost: 3 },
    { than: "async-mutex runExclusive", atMost: 1 / 5 },
  ],
};
