import {
  Cancelled,
  CancelScope,
  checkpoint,
  Condition,
  gather,
  moveOnAfter,
  sleep,
  taskGroup,
  UsageError,
  waitAllTasksBlocked,
  WouldBlock,
  type ConditionLease,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { waiterOf } from "./condition-waiter.ts";
import { inOrder } from "./lessors.ts";

const cancelling: readonly Case[] = [
  timeless("L6.21", "A cancelled wait() holds the lock again when it throws", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const scope = new CancelScope();
      await inOrder([waiterOf(t, condition, "waiter", scope)], () => scope.cancel());
      t.expectLog(["waiter cancelled"]);
      t.equal(condition.locked, false, "use() has released it");
    });
  }),
  virtual("L6.22", "A cancelled wait() waits for the lock, however long that takes", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      await gather(
        async () => {
          await moveOnAfter(10, waiterOf(t, condition, "waiter"));
          t.log.push("left");
        },
        async () => {
          await sleep(5);
          await condition.use(async () => {
            await sleep(50);
            t.log.push("lock released");
          });
        },
      );
      t.expectLog(["lock released", "waiter cancelled", "left"]);
    });
  }),
  timeless(
    "L6.23",
    "A waiter that is notified and then cancelled in the same turn returns, with the lock held",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        const scope = new CancelScope();
        await inOrder([waiterOf(t, condition, "waiter", scope)], () =>
          condition.use((held) => {
            held.notify();
            scope.cancel();
          }),
        );
        t.expectLog(["waiter notified"]);
      });
    },
  ),
  timeless(
    "L6.24",
    "A waiter that is cancelled before a notification in the same turn does not consume it",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        const scope = new CancelScope();
        await inOrder(
          [waiterOf(t, condition, "first", scope), waiterOf(t, condition, "second")],
          () =>
            condition.use((held) => {
              scope.cancel();
              held.notify();
            }),
        );
        t.expectLogInAnyOrder(["first cancelled", "second notified"]);
        t.equal(condition.locked, false);
      });
    },
  ),
  virtual(
    "L6.25",
    "A notified waiter whose task is cancelled while it waits for the lock returns normally",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        await taskGroup(async (tg) => {
          const waiter = tg.startSoon(() =>
            condition.use(async (held) => {
              await held.wait();
              t.log.push("returned");
              await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
            }),
          );
          await waitAllTasksBlocked();
          await condition.use(async (held) => {
            held.notify();
            await sleep(10);
            waiter.cancel();
            await sleep(10);
            t.log.push("released");
          });
        });
        t.expectLog(["released", "returned"]);
        t.equal(condition.locked, false);
      });
    },
  ),
  timeless("L6.26", "A cancelled waiter queues for the lock like any other", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const scope = new CancelScope();
      await inOrder([waiterOf(t, condition, "waiter", scope)], async () => {
        const held = await condition.acquire();
        const before = condition.use(() => void t.log.push("before"));
        scope.cancel();
        const after = condition.use(() => void t.log.push("after"));
        held.release();
        await Promise.all([before, after]);
      });
      t.expectLog(["before", "waiter cancelled", "after"]);
    });
  }),
  timeless("L6.27", "wait() in a cancelled scope throws at once and keeps the lock", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const scope = new CancelScope();
      await scope.run(() =>
        condition.use(async (held) => {
          scope.cancel();
          const refused = t.rejects(() => held.wait(), Cancelled);
          t.equal(condition.locked, true, "the lock, right after the call");
          await refused;
          t.equal(condition.locked, true, "the lock, after the throw");
        }),
      );
      t.equal(condition.locked, false);
    });
  }),
  timeless(
    "L6.28",
    "A waiter that is cancelled when the lock is free takes it at once",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        const scope = new CancelScope();
        await inOrder([waiterOf(t, condition, "waiter", scope)], () => {
          scope.cancel();
          t.throws(() => condition.acquireNowait(), WouldBlock);
        });
        t.equal(condition.locked, false);
      });
    },
  ),
];

const misuse: readonly Case[] = [
  timeless(
    "L6.41",
    "wait(), waitFor() and notify() on a released lease are UsageErrors",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        const held = await condition.acquire();
        held.release();
        const other = await condition.acquire();
        await t.rejects(() => held.wait(), UsageError);
        await t.rejects(() => held.waitFor(() => true), UsageError);
        t.throws(() => held.notify(), UsageError);
        t.throws(() => held.notifyAll(), UsageError);
        other.release();
      });
    },
  ),
  timeless(
    "L6.42",
    "A lease whose wait() is pending can neither wait again nor notify",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        await condition.use(async (held) => {
          const waiting = held.wait();
          await t.rejects(() => held.wait(), UsageError);
          t.throws(() => held.notify(), UsageError);
          await condition.use((other) => other.notify());
          await waiting;
          held.notify();
        });
      });
    },
  ),
  timeless(
    "L6.43",
    "Releasing a lease whose wait() is pending ends the wait with a UsageError and takes no lock",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        const held = await condition.acquire();
        const waiting = t.rejects(() => held.wait(), UsageError);
        held.release();
        t.equal(condition.statistics().tasksWaiting, 0);
        await waiting;
        t.equal(condition.locked, false);
        t.throws(() => held.release(), UsageError, "a second release()");
      });
    },
  ),
  timeless(
    "L6.44",
    "Leaving a `using` block while a notified wait() queues for the lock ends that wait",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        let waiting: Promise<unknown> | undefined;
        let other: ConditionLease | undefined;
        {
          using held = await condition.acquire();
          waiting = t.rejects(held.wait(), UsageError);
          other = await condition.acquire();
          other.notify();
          t.equal(condition.statistics().lock.tasksWaiting, 1);
        }
        t.equal(condition.statistics().lock.tasksWaiting, 0);
        await waiting;
        other.release();
        t.equal(condition.locked, false);
      });
    },
  ),
  timeless(
    "L6.45",
    "A cancelled wait() whose lease is released before it has the lock throws Cancelled",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        const scope = new CancelScope();
        const held = await condition.acquire();
        const waiting = scope.run(() => t.rejects(() => held.wait(), Cancelled));
        const other = await condition.acquire();
        scope.cancel();
        held.release();
        await waiting;
        other.release();
        t.equal(condition.locked, false);
      });
    },
  ),
  timeless(
    "L6.46",
    "A wait() whose task has been cancelled does not keep the lock from others",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        await taskGroup(async (tg) => {
          const waiter = tg.startSoon(waiterOf(t, condition, "waiter"));
          await waitAllTasksBlocked();
          waiter.cancel();
          await condition.use(() => void t.log.push("other"));
        });
        t.expectLog(["waiter cancelled", "other"]);
      });
    },
  ),
];

/** L6: cancelling and misusing what waits. */
export const conditionCancellationCases: readonly Case[] = [...cancelling, ...misuse];
