import { CancelScope, Condition, Lock, waitAllTasksBlocked, WouldBlock } from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { waiterOf } from "./condition-waiter.ts";
import { inOrder } from "./lessors.ts";

/** L6: notifying. */
export const conditionCases: readonly Case[] = [
  timeless("L6.1", "wait() gives the lock up and holds it again when it returns", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      await inOrder([waiterOf(t, condition, "waiter")], async () => {
        t.equal(condition.locked, false, "while the waiter waits");
        await condition.use((held) => {
          held.notify();
          t.log.push("notifier");
        });
      });
      t.expectLog(["notifier", "waiter notified"]);
      t.equal(condition.locked, false);
    });
  }),
  timeless("L6.2", "notify(n) wakes the n who have waited longest, notify() one", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const names = ["a", "b", "c", "d"];
      await inOrder(
        names.map((name) => waiterOf(t, condition, name)),
        async () => {
          await condition.use((held) => held.notify());
          await waitAllTasksBlocked();
          t.expectLog(["a notified"]);
          await condition.use((held) => held.notify(2));
          await waitAllTasksBlocked();
          t.expectLog(["a notified", "b notified", "c notified"]);
          await condition.use((held) => held.notify(5));
        },
      );
      t.equal(t.log.length, 4, "how many were notified");
    });
  }),
  timeless("L6.3", "notifyAll() wakes all who wait, in order", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const names = Array.from({ length: 100 }, (_, index) => `waiter ${index}`);
      const waits = names.map(async (name) => {
        using held = condition.acquireNowait();
        await held.wait();
        t.log.push(name);
      });
      t.equal(condition.statistics().tasksWaiting, 100);
      await condition.use((held) => held.notifyAll());
      await Promise.all(waits);
      t.expectLog(names);
    });
  }),
  timeless(
    "L6.11",
    "A notified waiter does not go on before whoever notified it has released the lock",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        await inOrder([waiterOf(t, condition, "waiter")], () =>
          condition.use(async (held) => {
            held.notify();
            await waitAllTasksBlocked();
            t.log.push("notifier releases");
          }),
        );
        t.expectLog(["notifier releases", "waiter notified"]);
      });
    },
  ),
  timeless(
    "L6.4",
    "A notified waiter gets the lock before whoever acquires it after the notification",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        await inOrder([waiterOf(t, condition, "waiter")], async () => {
          const held = await condition.acquire();
          held.notify();
          const newcomer = condition.use(() => void t.log.push("newcomer"));
          held.release();
          await newcomer;
        });
        t.expectLog(["waiter notified", "newcomer"]);
      });
    },
  ),
  timeless("L6.5", "A notification that nobody waits for is not kept", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      await condition.use((held) => held.notifyAll());
      const scope = new CancelScope();
      await inOrder([waiterOf(t, condition, "waiter", scope)], () => {
        t.equal(condition.statistics().tasksWaiting, 1);
        scope.cancel();
      });
    });
  }),
  timeless(
    "L6.6",
    "waitFor() returns when its predicate holds, which it asks with the lock held",
    async (t) => {
      await t.run(async () => {
        const condition = new Condition();
        let count = 0;
        const work = (): Promise<void> =>
          condition.use((held) =>
            held.waitFor(() => {
              t.ok(condition.locked, "the lock is held when the predicate is called");
              t.log.push(`asked at ${count}`);
              return count === 2;
            }),
          );
        await inOrder([work], async () => {
          for (count = 1; count <= 2; count += 1) {
            await condition.use((held) => held.notify());
            await waitAllTasksBlocked();
          }
        });
        t.expectLog(["asked at 0", "asked at 1", "asked at 2"]);
      });
    },
  ),
  timeless("L6.7", "waitFor() throws what its predicate throws, with the lock held", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const boom = new Error("boom");
      await condition.use(async (held) => {
        const failing = held.waitFor(() => {
          throw boom;
        });
        t.same(await t.rejects(failing), boom);
        t.ok(condition.locked, "the lock is held");
        await t.rejects(
          () => held.waitFor((async () => true) as unknown as () => boolean),
          TypeError,
          "an async predicate",
        );
        await t.rejects(
          () => held.waitFor(5 as unknown as () => boolean),
          TypeError,
          "no predicate",
        );
      });
      t.equal(condition.locked, false);
    });
  }),
  timeless("L6.8", "Conditions may share one lock", async (t) => {
    await t.run(async () => {
      const lock = new Lock();
      const [full, empty] = [new Condition(lock), new Condition(lock)];
      await inOrder([waiterOf(t, full, "full"), waiterOf(t, empty, "empty")], async () => {
        using lease = await lock.acquire();
        t.throws(() => full.acquireNowait(), WouldBlock);
        lease.release();
        await empty.use((held) => held.notifyAll());
        await waitAllTasksBlocked();
        t.expectLog(["empty notified"]);
        await full.use((held) => held.notifyAll());
      });
      t.expectLog(["empty notified", "full notified"]);
    });
  }),
  timeless("L6.9", "notify() with a wrong number is an error that names it", async (t) => {
    await t.run(async () => {
      await new Condition().use((held) => {
        for (const wrong of [-1, 1.5, Number.NaN]) t.throws(() => held.notify(wrong), RangeError);
        t.throws(() => held.notify("1" as unknown as number), TypeError);
      });
      t.throws(() => new Condition({} as Lock), TypeError, "a lock that is none");
    });
  }),
  timeless("L6.10", "statistics() of a condition is exact at every step", async (t) => {
    await t.run(async () => {
      const condition = new Condition();
      const steps: [number, boolean, number][] = [];
      const look = (): void => {
        const { tasksWaiting, lock } = condition.statistics();
        steps.push([tasksWaiting, lock.locked, lock.tasksWaiting]);
      };
      look();
      const scope = new CancelScope();
      const works = [
        waiterOf(t, condition, "a"),
        waiterOf(t, condition, "b", scope),
        waiterOf(t, condition, "c"),
      ];
      await inOrder(works, async () => {
        look();
        const held = await condition.acquire();
        look();
        held.notify();
        look();
        scope.cancel();
        look();
        held.release();
        look();
        await waitAllTasksBlocked();
        look();
        await condition.use((again) => again.notifyAll());
      });
      look();
      t.equal(steps, [
        [0, false, 0],
        [3, false, 0],
        [3, true, 0],
        [2, true, 1],
        [1, true, 2],
        [1, true, 1],
        [1, false, 0],
        [0, false, 0],
      ]);
    });
  }),
];
