import {
  Barrier,
  BusyResourceError,
  Cancelled,
  CancelScope,
  checkpoint,
  gather,
  ResourceGuard,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { inOrder } from "./lessors.ts";

/** L9. */
export const barrierCases: readonly Case[] = [
  timeless("L9.1", "The last to come to a barrier releases all, each with its place", async (t) => {
    await t.run(async () => {
      const barrier = new Barrier(3);
      const work = async (): Promise<void> => void t.log.push(`place ${await barrier.wait()}`);
      await inOrder([work, work], async () => {
        t.equal([barrier.parties, barrier.waiting], [3, 2]);
        t.equal(barrier.statistics(), { tasksWaiting: 2 });
        t.expectLog([]);
        t.equal(await barrier.wait(), 2);
      });
      t.expectLogInAnyOrder(["place 0", "place 1"]);
      t.equal(barrier.waiting, 0);
    });
  }),
  timeless("L9.2", "A cancelled waiter leaves the barrier, which waits for another", async (t) => {
    await t.run(async () => {
      const barrier = new Barrier(3);
      const scope = new CancelScope();
      const work = async (): Promise<void> => void t.log.push(`place ${await barrier.wait()}`);
      await inOrder([() => scope.run(work), work], async () => {
        scope.cancel();
        t.equal(barrier.waiting, 1, "after cancel()");
        await taskGroup(async (tg) => {
          tg.startSoon(work);
          await waitAllTasksBlocked();
          t.equal(barrier.waiting, 2, "after another has come");
          t.expectLog([]);
          await barrier.wait();
        });
      });
      t.expectLogInAnyOrder(["place 0", "place 1"]);
    });
  }),
  timeless(
    "L9.3",
    "A waiter that is released and then cancelled in the same turn has its place",
    async (t) => {
      await t.run(async () => {
        const barrier = new Barrier(2);
        const scope = new CancelScope();
        const work = async (): Promise<void> => {
          t.log.push(`place ${await barrier.wait()}`);
          await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
        };
        await inOrder([() => scope.run(work)], async () => {
          const last = barrier.wait();
          scope.cancel();
          t.equal(await last, 1);
        });
        t.expectLog(["place 0"]);
      });
    },
  ),
  timeless(
    "L9.4",
    "A waiter that is cancelled before the last comes in the same turn has left",
    async (t) => {
      await t.run(async () => {
        const barrier = new Barrier(2);
        const scope = new CancelScope();
        await inOrder(
          [() => scope.run(() => t.rejects(() => barrier.wait(), Cancelled))],
          async () => {
            scope.cancel();
            const places = await gather(
              () => barrier.wait(),
              () => barrier.wait(),
            );
            t.equal(places[0] + places[1], 1, "the sum of the places");
          },
        );
      });
    },
  ),
  timeless("L9.5", "A barrier can be used again and again", async (t) => {
    await t.run(async () => {
      const barrier = new Barrier(2);
      const rounds = async (): Promise<void> => {
        for (let round = 0; round < 5; round += 1) {
          t.log.push(`round ${round}`);
          await barrier.wait();
        }
      };
      await gather(rounds, rounds);
    });
    t.expectLog([0, 0, 1, 1, 2, 2, 3, 3, 4, 4].map((round) => `round ${round}`));
  }),
  timeless("L9.6", "A barrier of one lets everyone through", async (t) => {
    await t.run(async () => {
      const barrier = new Barrier(1);
      t.equal([await barrier.wait(), await barrier.wait()], [0, 0]);
    });
  }),
  timeless(
    "L9.7",
    "A number of parties that is no positive whole number is an error that names it",
    async (t) => {
      for (const wrong of [0, -1, 1.5, Number.NaN, Infinity]) {
        const { message } = t.throws(() => new Barrier(wrong), RangeError) as Error;
        t.ok(message.includes("parties") && message.includes(String(wrong)), message);
      }
      t.throws(() => new Barrier("2" as unknown as number), TypeError);
    },
  ),
];

/** A resource guard stands under no rule but its own contract and K3. */
export const resourceGuardCases: readonly Case[] = [
  timeless("L2.61", "A resource guard lets one in at a time and says who is in", async (t) => {
    await t.run(
      async () => {
        const guard = new ResourceGuard("reading from");
        const first = guard.enter();
        const error = t.throws(() => guard.enter(), BusyResourceError) as BusyResourceError;
        t.equal(error.code, "ERR_BUSY_RESOURCE");
        t.ok(error.message.includes("reading from"), error.message);
        t.ok(error.message.includes('"reader"'), error.message);
        first[Symbol.dispose]();
        guard.enter()[Symbol.dispose]();
      },
      { name: "reader" },
    );
  }),
  timeless("L2.62", "Ending a use of a resource guard twice ends nobody else's", async (t) => {
    const guard = new ResourceGuard();
    const first = guard.enter();
    first[Symbol.dispose]();
    const second = guard.enter();
    first[Symbol.dispose]();
    t.throws(() => guard.enter(), BusyResourceError);
    second[Symbol.dispose]();
    t.throws(() => new ResourceGuard(5 as unknown as string), TypeError);
  }),
];
