import {
  Barrier,
  CancelScope,
  Condition,
  FutureFailed,
  gather,
  Lock,
  type ConditionLease,
} from "@anywhen/core";
import { real, type Case } from "../case.ts";
import { keepsPulse, patience, timerPulse } from "./pulse.ts";
import {
  held,
  onBarrier,
  onCondition,
  onEvent,
  onFuture,
  onLimiter,
  onLock,
  onSemaphore,
} from "./sync-calls.ts";

/** Loops that never have to wait, or never for anything but each other. */
const loops: readonly (readonly [string, () => () => Promise<unknown>])[] = [
  ["waits for a set event", () => onEvent(true).work],
  ["waits for a finished future", () => onFuture((future) => future.setResult(1)).work],
  [
    "waits for a failed future",
    () => () =>
      onFuture((future) => future.setError(1))
        .work()
        .catch((error: unknown) => error instanceof FutureFailed),
  ],
  ["waits at a barrier of one", () => onBarrier(1).work],
  ["uses of a lock", () => onLock(new Lock(), (lock) => lock.use(() => {})).work],
  ["uses of a semaphore", () => onSemaphore(1, (semaphore) => semaphore.use(() => {})).work],
  ["uses of a limiter", () => onLimiter(1, (limiter) => limiter.use(() => {})).work],
  ["uses of a condition", () => onCondition((condition) => condition.use(() => {})).work],
  [
    "waits for a predicate that holds",
    () => held(new Condition(), (lease) => lease.waitFor(() => true)).work,
  ],
];

const passing: readonly Case[] = loops.map(([name, make], index) =>
  real(`K4.${201 + index}`, `A loop over ${name} lets timers run`, async (t) => {
    await t.run(() => keepsPulse(t, timerPulse, make()));
  }),
);

const handingOver: readonly Case[] = [
  real("K4.221", "Two tasks that hand a lock back and forth let timers run", async (t) => {
    await t.run(async () => {
      const lock = new Lock();
      let over = false;
      const useIt = (): Promise<void> => lock.use(() => Promise.resolve());
      await gather(
        () =>
          keepsPulse(t, timerPulse, useIt).finally(() => {
            over = true;
          }),
        async () => {
          // On a host that is never let in, `over` would never be set.
          const patient = patience();
          while (!over && patient()) await useIt();
        },
      );
    });
  }),
  real("K4.222", "Two tasks that meet at a barrier again and again let timers run", async (t) => {
    await t.run(async () => {
      const barrier = new Barrier(2);
      const scope = new CancelScope();
      await gather(
        () => keepsPulse(t, timerPulse, () => barrier.wait()).finally(() => scope.cancel()),
        () =>
          scope.run(async () => {
            for (;;) await barrier.wait();
          }),
      );
    });
  }),
  real("K4.223", "Two tasks that notify each other in turn let timers run", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const scope = new CancelScope();
      const swap = (lease: ConditionLease): Promise<void> => {
        lease.notify();
        return lease.wait();
      };
      await gather(
        async () => {
          using lease = await condition.acquire();
          await keepsPulse(t, timerPulse, () => swap(lease));
          scope.cancel();
        },
        () =>
          scope.run(async () => {
            using lease = await condition.acquire();
            for (;;) await swap(lease);
          }),
      );
    });
  }),
];

/** K4, for every primitive. */
export const syncStarvationCases: readonly Case[] = [...passing, ...handingOver];
