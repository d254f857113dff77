import { Cancelled, CancelScope, checkpoint, Event, waitAllTasksBlocked } from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { inOrder } from "./lessors.ts";

const waiterOf = (t: CaseContext, event: Event, name: string) => async () => {
  await event.wait();
  t.log.push(name);
};

/** L7. */
export const eventCases: readonly Case[] = [
  timeless("L7.1", "set() of an event wakes all who wait", async (t) => {
    await t.run(async () => {
      const event = new Event();
      const names = ["first", "second", "third"];
      await inOrder(
        names.map((name) => waiterOf(t, event, name)),
        () => {
          t.equal(event.isSet, false);
          event.set();
          t.equal(event.isSet, true);
        },
      );
      t.expectLogInAnyOrder(names);
    });
  }),
  timeless(
    "L7.2",
    "A wait for an event that is set returns, and any number of times",
    async (t) => {
      await t.run(async () => {
        const event = new Event();
        event.set();
        await event.wait();
        await event.wait();
        t.equal(event.statistics(), { tasksWaiting: 0 });
      });
    },
  ),
  timeless("L7.3", "set() twice is as good as once, and there is no way back", async (t) => {
    const event = new Event();
    event.set();
    event.set();
    t.equal(event.isSet, true);
    t.ok(!("clear" in event), "an event has no clear()");
  }),
  timeless(
    "L7.4",
    "A waiter whose event is set and then cancelled in the same turn returns",
    async (t) => {
      await t.run(async () => {
        const event = new Event();
        const scope = new CancelScope();
        const work = async (): Promise<void> => {
          await event.wait();
          t.log.push("returned");
          await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
        };
        await inOrder([() => scope.run(work)], () => {
          event.set();
          scope.cancel();
        });
        t.expectLog(["returned"]);
      });
    },
  ),
  timeless(
    "L7.5",
    "A waiter that is cancelled before its event is set in the same turn throws",
    async (t) => {
      await t.run(async () => {
        const event = new Event();
        const scope = new CancelScope();
        await inOrder([() => scope.run(waiterOf(t, event, "returned"))], () => {
          scope.cancel();
          event.set();
        });
        t.expectLog([]);
        t.ok(scope.cancelledCaught, "the wait threw");
      });
    },
  ),
  timeless("L7.6", "statistics() of an event is exact at every step", async (t) => {
    await t.run(async () => {
      const event = new Event();
      const waiting = (): number => event.statistics().tasksWaiting;
      const scope = new CancelScope();
      t.equal(waiting(), 0, "of a new event");
      await inOrder([() => scope.run(() => event.wait()), () => event.wait()], async () => {
        t.equal(waiting(), 2, "awaited");
        scope.cancel();
        t.equal(waiting(), 1, "one cancelled");
        await waitAllTasksBlocked();
        t.equal(waiting(), 1, "some turns later");
        event.set();
        t.equal(waiting(), 0, "set");
      });
    });
  }),
  timeless("L7.7", "An event may be set from outside every run", async (t) => {
    const event = new Event();
    const done = t.run(() => event.wait());
    while (event.statistics().tasksWaiting === 0) await t.turn();
    event.set();
    await done;
  }),
  timeless("L7.8", "A name that is no string is a TypeError", async (t) => {
    t.throws(() => new Event({ name: 5 as unknown as string }), TypeError);
  }),
];
