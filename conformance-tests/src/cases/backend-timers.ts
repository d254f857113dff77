import { moveOnAfter, now, sleep, sleepUntil, taskGroup } from "@anywhen/core";
import { real, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { hostProcess } from "../host-process.ts";
import { afterRealTime } from "../turn.ts";
import { Deferred } from "./deferred.ts";

const hostLimit = 2 ** 31 - 1;

/** B15 and B16, asked of the backend itself: its clock and its timers. */
export const backendTimerCases: readonly Case[] = [
  real(
    "B15.1",
    "When a timer fires, its instant has come by the backend's own clock",
    async (t) => {
      // The long ones show what is early by a share of the time even on a machine that is busy.
      const delays = [0, 0.3, 1, 1.5, 2.7, 4, 5.01, 7.9, 10, 30, 60];
      await Promise.all(delays.map((ms) => firesInTime(t, ms)));
    },
  ),
  real("B15.2", "When a sleep ends, its instant has come by now()", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        for (const ms of [0.3, 1, 1.5, 2.7, 4, 5.01, 7.9, 10]) {
          const at = now() + ms;
          tg.startSoon(async () => {
            await sleepUntil(at);
            t.ok(now() >= at, `a sleep of ${ms} ms did not end early`);
          });
        }
      }),
    );
  }),
  real("B15.3", "A timer as far away as the interface allows does not fire at once", async (t) => {
    const timer = t.backend.setTimer(hostLimit, () => t.log.push("fired"));
    await realTime(20);
    timer.cancel();
    t.expectLog([]);
  }),
  real(
    "B15.4",
    "Instants further away than the host's timers reach are kept, not truncated",
    async (t) => {
      await t.run(async () => {
        for (const ms of [hostLimit + 1, 2 ** 32, 2 ** 40, Number.MAX_VALUE]) {
          const scope = moveOnAfter(10, () => sleep(ms).then(() => "the far sleep ended"));
          t.equal(await scope, undefined, `a sleep of ${ms} ms`);
        }
      });
    },
  ),
  real("B15.5", "The backend's clock never goes back", async (t) => {
    let last = t.backend.now();
    for (let count = 0; count < 1_000; count += 1) {
      const time = t.backend.now();
      t.ok(time >= last, `now() gave ${time} after ${last}`);
      last = time;
      if (count % 100 === 0) await t.turn();
    }
  }),
  real("B16.1", "A cancelled timer never fires", async (t) => {
    const fired = new Deferred<void>();
    const timer = t.backend.setTimer(2, () => t.log.push("the cancelled one"));
    t.backend.setTimer(15, fired.resolve);
    timer.cancel();
    await fired.promise;
    t.expectLog([]);
  }),
  real("B16.2", "A timer may be cancelled twice, and after it has fired", async (t) => {
    const fired = new Deferred<void>();
    const timer = t.backend.setTimer(1, fired.resolve);
    await fired.promise;
    timer.cancel();
    timer.cancel();
    const other = t.backend.setTimer(1_000, () => t.log.push("the cancelled one"));
    other.cancel();
    other.cancel();
    await t.turn();
    t.expectLog([]);
  }),
  real("B16.3", "A cancelled timer keeps its callback not alive", async (t) => {
    const held: unknown[] = [];
    const cancelled = (made: number): WeakRef<object> => {
      // Uses its argument, or the eight would be one function.
      const callback = (): void => void made;
      const timer = t.backend.setTimer(100_000, callback);
      timer.cancel();
      held.push(timer);
      return new WeakRef(callback);
    };
    t.ok(
      await t.areCollected([1, 2, 3, 4, 5, 6, 7, 8].map(cancelled)),
      "the callbacks of timers that were cancelled, and are still held, are collected",
    );
    t.equal(held.length, 8); // Without this use the timers themselves would not be held so long.
  }),
  real("B16.4", "A cancelled timer does not keep the process alive", async (t) => {
    const before = hostTimers(t);
    t.backend.setTimer(100_000, () => {}).cancel();
    t.equal(hostTimers(t), before, "the timers for which the host's process stays alive");
  }),
];

async function firesInTime(t: CaseContext, ms: number): Promise<void> {
  const at = t.backend.now() + ms;
  await new Promise<void>((resolve) => t.backend.setTimer(ms, resolve));
  const early = at - t.backend.now();
  t.ok(early <= 0, `a timer of ${ms} ms did not fire early; it came ${early.toFixed(2)} ms early`);
}

/** For how many timers the host keeps its process alive; skips the case where it does not tell. */
function hostTimers(t: CaseContext): number {
  const resources = hostProcess()?.getActiveResourcesInfo?.();
  if (!resources) return t.skip("the host does not tell what keeps its process alive");
  return resources.filter((resource) => resource === "Timeout").length;
}

function realTime(ms: number): Promise<void> {
  return new Promise((resolve) => void afterRealTime(ms, resolve));
}
