import {
  CancelScope,
  currentTask,
  Lock,
  run,
  taskGroup,
  waitAllTasksBlocked,
  WouldBlock,
  type Lease,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { Deferred } from "./deferred.ts";
import { inOrder } from "./lessors.ts";

/** What is particular to a lock. */
export const lockCases: readonly Case[] = [
  timeless("L3.21", "A lock is locked at every moment of a hand-over", async (t) => {
    await t.run(async () => {
      const lock = new Lock();
      t.equal(lock.locked, false);
      const lease = await lock.acquire();
      t.equal(lock.locked, true);
      await inOrder([() => lock.use(() => t.equal(lock.locked, true))], () => {
        lease.release();
        t.equal(lock.locked, true, "after release() with a waiter");
      });
      t.equal(lock.locked, false);
    });
  }),
  timeless("L3.22", "statistics() of a lock is exact at every step", async (t) => {
    await t.run(async () => {
      const lock = new Lock();
      const me = currentTask();
      const none = { locked: false, owner: undefined, tasksWaiting: 0 };
      t.equal(lock.statistics(), none, "of a new lock");
      const lease = await lock.acquire();
      t.equal(lock.statistics(), { locked: true, owner: me, tasksWaiting: 0 }, "held");
      await taskGroup(async (tg) => {
        const waiter = tg.startSoon(() => lock.acquire(), { name: "waiter" });
        const other = tg.startSoon(() => lock.acquire(), { name: "other" });
        await waitAllTasksBlocked();
        t.equal(lock.statistics(), { locked: true, owner: me, tasksWaiting: 2 }, "awaited");
        other.cancel();
        t.equal(lock.statistics(), { locked: true, owner: me, tasksWaiting: 1 }, "one cancelled");
        lease.release();
        const { locked, owner, tasksWaiting } = lock.statistics();
        t.equal(
          [locked, owner?.name, owner?.id, tasksWaiting],
          [true, "waiter", waiter.id, 0],
          "handed over",
        );
        (await waiter.result()).release();
      });
      t.equal(lock.statistics(), none, "released");
    });
  }),
  timeless("L3.23", "WouldBlock of a lock names the lock and who holds it", async (t) => {
    await t.run(
      async () => {
        const lock = new Lock({ name: "db" });
        using _ = await lock.acquire();
        const { message } = t.throws(() => lock.acquireNowait(), WouldBlock) as Error;
        t.ok(message.includes('"db"') && message.includes('"holder"'), message);
      },
      { name: "holder" },
    );
  }),
  timeless(
    "L1.41",
    "A lock made outside every run is handed over between runs on two backends",
    async (t) => {
      const lock = new Lock();
      const held = new Deferred<Lease>();
      const first = t.run(async () => {
        held.resolve(await lock.acquire());
        await lock.use(() => void t.log.push("first run again"));
      });
      const lease = await held.promise;
      const second = run(() => lock.use(() => void t.log.push("second run")), {
        backend: t.anotherBackend(),
      });
      while (lock.statistics().tasksWaiting < 2) await t.turn();
      lease.release();
      await Promise.all([first, second]);
      t.expectLog(["first run again", "second run"]);
    },
  ),
  timeless("L1.42", "A lock works outside every run", async (t) => {
    await t.asDefaultBackend(async () => {
      const lock = new Lock();
      const lease = await lock.acquire();
      t.equal(lock.statistics(), { locked: true, owner: undefined, tasksWaiting: 0 });
      const next = lock.use(() => void t.log.push("next"));
      t.equal(lock.statistics().tasksWaiting, 1);
      lease.release();
      await next;
    });
    t.expectLog(["next"]);
  }),
  timeless(
    "L4.41",
    "Of two branches of one task that wait for a lock, one may be cancelled",
    async (t) => {
      await t.run(async () => {
        const lock = new Lock();
        const lease = await lock.acquire();
        const scope = new CancelScope();
        const cancelled = scope.run(() => lock.acquire());
        const granted = lock.acquire();
        scope.cancel();
        lease.release();
        t.equal(await cancelled, undefined);
        (await granted).release();
        t.equal(lock.locked, false);
      });
    },
  ),
];
