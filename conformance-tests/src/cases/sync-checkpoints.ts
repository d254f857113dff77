import {
  Barrier,
  Cancelled,
  CancelScope,
  CapacityLimiter,
  Condition,
  Event,
  Future,
  Lock,
  ResourceGuard,
  ScopeClosedError,
  Semaphore,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";
import { inOrder } from "./lessors.ts";
import {
  held,
  onBarrier,
  onCondition,
  onEvent,
  onFuture,
  onLimiter,
  onLock,
  onSemaphore,
  taken,
  type Call,
} from "./sync-calls.ts";

const ready: readonly (readonly [string, () => Call])[] = [
  ["Event.wait() on a set event", () => onEvent(true)],
  ["Lock.acquire()", () => onLock(new Lock(), (lock) => lock.acquire())],
  ["Lock.use()", () => onLock(new Lock(), (lock) => lock.use(() => {}))],
  ["Semaphore.acquire()", () => onSemaphore(1, (semaphore) => semaphore.acquire())],
  ["Semaphore.use()", () => onSemaphore(1, (semaphore) => semaphore.use(() => {}))],
  ["CapacityLimiter.acquire()", () => onLimiter(1, (limiter) => limiter.acquire())],
  [
    "CapacityLimiter.acquireOnBehalfOf()",
    () => onLimiter(1, (limiter) => limiter.acquireOnBehalfOf({})),
  ],
  ["CapacityLimiter.use()", () => onLimiter(1, (limiter) => limiter.use(() => {}))],
  ["Condition.acquire()", () => onCondition((condition) => condition.acquire())],
  ["Condition.use()", () => onCondition((condition) => condition.use(() => {}))],
  [
    "waitFor() a predicate that holds",
    () => held(new Condition(), (lease) => lease.waitFor(() => true)),
  ],
  ["Future.wait() on a finished future", () => onFuture((future) => future.setResult(1))],
  [
    "Future.wait() on a failed future",
    () => onFuture((future) => future.setError(new Error("boom"))),
  ],
  ["Barrier.wait() of the last to come", () => onBarrier(1)],
];

const waiting: readonly (readonly [string, () => Call])[] = [
  ["Event.wait()", () => onEvent(false)],
  ["Lock.acquire()", () => onLock(taken(new Lock()), (lock) => lock.acquire())],
  ["Lock.use()", () => onLock(taken(new Lock()), (lock) => lock.use(() => {}))],
  ["Semaphore.acquire()", () => onSemaphore(0, (semaphore) => semaphore.acquire())],
  ["CapacityLimiter.acquire()", () => onLimiter(0, (limiter) => limiter.acquire())],
  [
    "CapacityLimiter.acquireOnBehalfOf()",
    () => onLimiter(0, (limiter) => limiter.acquireOnBehalfOf({})),
  ],
  ["Condition.acquire()", () => onCondition((condition) => condition.acquire(), true)],
  ["wait() of a held condition", () => held(new Condition(), (lease) => lease.wait())],
  [
    "waitFor() of a held condition",
    () => held(new Condition(), (lease) => lease.waitFor(() => false)),
  ],
  ["Future.wait()", () => onFuture(() => {})],
  ["Barrier.wait()", () => onBarrier(2)],
];

const cancelledWhenCalled: readonly Case[] = ready.map(([name, make], index) =>
  timeless(
    `K1.${201 + index}`,
    `${name} rejects with Cancelled when its scope is cancelled already`,
    async (t) => {
      await t.run(async () => {
        const { work, trace } = make();
        const before = trace();
        await inCancelledScope(async () => {
          await t.rejects(work, Cancelled);
        });
        t.equal(trace(), before, "K2: it had no effect");
      });
    },
  ),
);

const cancelledWhileWaiting: readonly Case[] = waiting.map(([name, make], index) =>
  timeless(
    `K1.${221 + index}`,
    `${name} rejects with Cancelled when its scope is cancelled while it waits`,
    async (t) => {
      await t.run(async () => {
        const { work, trace } = make();
        const before = trace();
        const scope = new CancelScope();
        await inOrder([() => scope.run(() => t.rejects(work, Cancelled))], () => scope.cancel());
        t.equal(trace(), before, "K2: it had no effect");
      });
    },
  ),
);

const refusedOutsideItsScope: readonly Case[] = waiting.map(([name, make], index) =>
  timeless(
    `C22.${201 + index}`,
    `${name} throws ScopeClosedError when the scope of its caller ends meanwhile`,
    async (t) => {
      await t.run(async () => {
        const { work, trace } = make();
        const before = trace();
        let escaped: Promise<unknown> | undefined;
        await new CancelScope().run(() => {
          escaped = t.rejects(work, ScopeClosedError);
        });
        await escaped;
        t.equal(trace(), before, "it is in no queue");
      });
    },
  ),
);

const synchronous: readonly Case[] = [
  timeless(
    "K3.201",
    "…Nowait, set, notify, release and cancel work in a cancelled scope",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          new Event().set();
          new Lock().acquireNowait().release();
          const semaphore = new Semaphore(1);
          semaphore.acquireNowait().release();
          t.equal(semaphore.release(), undefined);
          new CapacityLimiter(1).acquireNowait().release();
          new CapacityLimiter(1).acquireOnBehalfOfNowait({}).release();
          const lease = new Condition().acquireNowait();
          lease.notify();
          lease.notifyAll();
          lease.release();
          new Future<number>().setResult(1);
          new Future<number>().setError(1);
          new Future<number>().cancel();
          new ResourceGuard().enter()[Symbol.dispose]();
        }),
      );
    },
  ),
  timeless(
    "K3.202",
    "Every primitive can be made and used without waiting outside every run",
    async (t) => {
      const event = new Event();
      event.set();
      const lock = new Lock();
      const lease = lock.acquireNowait();
      lease.release();
      new Semaphore(1).acquireNowait().release();
      new CapacityLimiter(1).acquireNowait().release();
      new Condition(lock).acquireNowait().release();
      new Future<number>().setResult(1);
      t.equal(new Barrier(2).waiting, 0);
      await t.run(() => event.wait());
    },
  ),
];

/** K1 to K3 and C22, for every primitive. */
export const syncCheckpointCases: readonly Case[] = [
  ...cancelledWhenCalled,
  ...cancelledWhileWaiting,
  ...refusedOutsideItsScope,
  ...synchronous,
];
