import { Mutex } from "async-mutex";
import { Sema } from "async-sema";
import { Effect, Semaphore } from "effect";
import { Lock } from "anywhen";
import { body, holding, inLoops, inTasks, tasks } from "../contending.ts";
import { Around, CancellableLock } from "../hand-written/cancellable-lock.ts";
import { HandWrittenLock } from "../hand-written/lock.ts";
import { baseline, peer, raw, type Row, subject } from "../row.ts";

function ours(count: number): Promise<void> {
  const lock = new Lock();
  return inTasks(count, () => lock.use(body));
}

function handWritten(count: number): Promise<void> {
  const lock = new HandWrittenLock();
  return inLoops(count, () => lock.use(body));
}

function cancellable(count: number): Promise<void> {
  const lock = new CancellableLock();
  return inLoops(
    count,
    () => lock.use(body),
    (loop) => new Around().run(loop),
  );
}

function asyncMutex(count: number): Promise<void> {
  const mutex = new Mutex();
  return inLoops(count, () => mutex.runExclusive(body));
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
    subject("lock.use", ours),
    ...baseline("hand-written use", handWritten),
    raw("hand-written use that can be cancelled", cancellable),
    peer("async-mutex runExclusive", asyncMutex, 0.2),
    peer("async-sema acquire, release", (count) => inLoops(count, holding(new Sema(1), body))),
    peer("effect Semaphore(1).withPermits", effectSemaphore, 0.2),
  ],
  targets: [
    { than: "hand-written use", atMost: 1.5 },
    { than: "hand-written use", atMost: 2.5 },
  ],
};
