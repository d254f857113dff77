import {
  CancelScope,
  Semaphore,
  taskGroup,
  UsageError,
  waitAllTasksBlocked,
  WouldBlock,
  type Lease,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { inOrder } from "./lessors.ts";
import { outlastTurn } from "./pulse.ts";

/** What is particular to a semaphore. */
export const semaphoreCases: readonly Case[] = [
  timeless("L3.31", "A semaphore has as many permits as its initial value says", async (t) => {
    await t.run(async () => {
      const semaphore = new Semaphore(2);
      const leases = [await semaphore.acquire(), semaphore.acquireNowait()];
      t.equal(semaphore.value, 0);
      t.throws(() => semaphore.acquireNowait(), WouldBlock);
      for (const lease of leases) lease.release();
      t.equal(semaphore.value, 2);
    });
  }),
  timeless(
    "L1.43",
    "Hundreds that wait for a semaphore go on in the order they came, also when a turn of the event loop ends between them",
    async (t) => {
      await t.run(async () => {
        const semaphore = new Semaphore(0);
        const places = Array.from({ length: 300 }, (_, place) => place);
        const acquired: number[] = [];
        await taskGroup(async (tg) => {
          for (const place of places) {
            tg.startSoon(async () => {
              await semaphore.acquire();
              acquired.push(place);
            });
          }
          await waitAllTasksBlocked();
          for (const place of places) {
            semaphore.release();
            if (place === 100) outlastTurn();
          }
        });
        t.equal(acquired, places, "the order in which they went on");
      });
    },
  ),
  timeless(
    "L3.32",
    "The value of a semaphore stays 0 at every moment of a hand-over",
    async (t) => {
      await t.run(async () => {
        const semaphore = new Semaphore(1);
        const lease = await semaphore.acquire();
        await inOrder([() => semaphore.use(() => t.equal(semaphore.value, 0))], () => {
          lease.release();
          t.equal(semaphore.value, 0, "after the release of a lease with a waiter");
        });
        t.equal(semaphore.value, 1);
      });
    },
  ),
  timeless(
    "L3.33",
    "release() of a semaphore adds a permit that no lease stands for",
    async (t) => {
      await t.run(async () => {
        const semaphore = new Semaphore(0);
        t.throws(() => semaphore.acquireNowait(), WouldBlock);
        semaphore.release();
        semaphore.release();
        t.equal(semaphore.value, 2);
        const lease = semaphore.acquireNowait();
        t.equal(semaphore.value, 1);
        lease.release();
        t.equal(semaphore.value, 2);
      });
    },
  ),
  timeless(
    "L3.34",
    "release() of a semaphore hands its permit to whoever waits longest",
    async (t) => {
      await t.run(async () => {
        const semaphore = new Semaphore(0);
        const waiters = ["first", "second"].map((name) => async () => {
          await semaphore.acquire();
          t.log.push(name);
        });
        await inOrder(waiters, async () => {
          semaphore.release();
          t.equal(semaphore.value, 0, "after release() with a waiter");
          t.throws(() => semaphore.acquireNowait(), WouldBlock);
          await waitAllTasksBlocked();
          t.expectLog(["first"]);
          semaphore.release();
        });
        t.expectLog(["first", "second"]);
      });
    },
  ),
  timeless(
    "L3.35",
    "release() of a semaphore past its maxValue is a RangeError and adds nothing",
    async (t) => {
      const semaphore = new Semaphore(1, { maxValue: 2 });
      t.equal(semaphore.maxValue, 2);
      t.equal(new Semaphore(1).maxValue, undefined);
      semaphore.release();
      t.throws(() => semaphore.release(), RangeError);
      t.equal(semaphore.value, 2);
    },
  ),
  timeless(
    "L3.36",
    "A permit that came back by release() and by its lease is a RangeError past maxValue",
    async (t) => {
      const semaphore = new Semaphore(1, { maxValue: 1 });
      const lease = semaphore.acquireNowait();
      semaphore.release();
      t.throws(() => lease.release(), RangeError);
      t.equal(semaphore.value, 1);
      t.throws(() => lease.release(), UsageError, "the lease counts as released");
    },
  ),
  timeless("L3.37", "A semaphore with a wrong value is an error that names it", async (t) => {
    for (const wrong of [-1, Number.NaN, 1.5, Infinity]) {
      const { message } = t.throws(
        () => new Semaphore(wrong),
        RangeError,
        `initialValue ${wrong}`,
      ) as Error;
      t.ok(message.includes("initialValue") && message.includes(String(wrong)), message);
    }
    t.throws(() => new Semaphore("1" as unknown as number), TypeError);
    for (const wrong of [1, -1, Number.NaN, 2.5]) {
      t.throws(() => new Semaphore(2, { maxValue: wrong }), RangeError, `maxValue ${wrong}`);
    }
    t.throws(() => new Semaphore(2, { maxValue: "3" as unknown as number }), TypeError);
    t.equal(new Semaphore(2, { maxValue: 2 }).value, 2);
    t.equal(new Semaphore(2, { maxValue: Infinity }).maxValue, Infinity);
    t.equal(new Semaphore(0).value, 0);
  }),
  timeless("L3.38", "statistics() of a semaphore is exact at every step", async (t) => {
    await t.run(async () => {
      const semaphore = new Semaphore(1);
      const waiting = (): number => semaphore.statistics().tasksWaiting;
      t.equal(waiting(), 0, "of a new semaphore");
      const lease = await semaphore.acquire();
      t.equal(waiting(), 0, "held");
      await taskGroup(async (tg) => {
        const waiter = tg.startSoon(() => semaphore.acquire());
        const other = tg.startSoon(() => semaphore.acquire());
        await waitAllTasksBlocked();
        t.equal(waiting(), 2, "awaited");
        other.cancel();
        t.equal(waiting(), 1, "one cancelled");
        lease.release();
        t.equal(waiting(), 0, "handed over");
        (await waiter.result()).release();
      });
      t.equal([waiting(), semaphore.value], [0, 1], "released");
    });
  }),
  timeless(
    "L4.51",
    "A permit that is added right after a cancellation goes to the next waiter of a semaphore",
    async (t) => {
      await t.run(async () => {
        const semaphore = new Semaphore(0);
        const scope = new CancelScope();
        const leases: Lease[] = [];
        const waiter = async (): Promise<void> => void leases.push(await semaphore.acquire());
        await inOrder([() => scope.run(waiter), waiter], () => {
          scope.cancel();
          semaphore.release();
        });
        t.equal([leases.length, semaphore.value], [1, 0]);
      });
    },
  ),
];
