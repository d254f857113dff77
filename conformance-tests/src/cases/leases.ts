import {
  CancelScope,
  gather,
  moveOnAfter,
  UsageError,
  WouldBlock,
  type Lease,
} from "@anywhen/core";
import { virtual, type Case } from "../case.ts";
import { eachLessor, inOrder, lessors, turnOf } from "./lessors.ts";

const order: readonly Case[] = [
  ...eachLessor("L1", 1, "Waiters of WHAT are served in the order they came", async (t, lessor) => {
    const lease = await lessor.acquire();
    const names = ["first", "second", "third"];
    await inOrder(
      names.map((name) => turnOf(t, lessor, name)),
      () => lease.release(),
    );
    t.expectLog(names);
  }),
  ...eachLessor("L1", 11, "An acquire of WHAT never overtakes a waiter", async (t, lessor) => {
    const lease = await lessor.acquire();
    await inOrder([turnOf(t, lessor, "waiter")], async () => {
      lease.release();
      await lessor.use(() => void t.log.push("newcomer"));
    });
    t.expectLog(["waiter", "newcomer"]);
  }),
  ...eachLessor("L1", 21, "Hundreds who wait for WHAT are served in order", async (t, lessor) => {
    const lease = await lessor.acquire();
    const names = Array.from({ length: 300 }, (_, index) => `waiter ${index}`);
    const uses = names.map((name) => lessor.use(() => void t.log.push(name)));
    t.equal(lessor.waiting(), 300, "how many wait");
    lease.release();
    await Promise.all(uses);
    t.expectLog(names);
  }),
  ...eachLessor(
    "L1",
    31,
    "A cancelled waiter of WHAT leaves the order of the others as it was",
    async (t, lessor) => {
      const lease = await lessor.acquire();
      const scope = new CancelScope();
      await inOrder(
        [
          turnOf(t, lessor, "first"),
          () => scope.run(turnOf(t, lessor, "cancelled")),
          turnOf(t, lessor, "third"),
        ],
        () => {
          scope.cancel();
          lease.release();
        },
      );
      t.expectLog(["first", "third"]);
    },
  ),
];

const ownership: readonly Case[] = [
  ...eachLessor("L2", 1, "Releasing a lease of WHAT twice is a UsageError", async (t, lessor) => {
    const lease = await lessor.acquire();
    lease.release();
    const error = t.throws(() => lease.release(), UsageError) as UsageError;
    t.equal(error.code, "ERR_USAGE");
  }),
  ...eachLessor(
    "L2",
    11,
    "A second release of WHAT takes nothing from whoever acquired meanwhile",
    async (t, lessor) => {
      const stale = await lessor.acquire();
      stale.release();
      const lease = await lessor.acquire();
      t.throws(() => stale.release(), UsageError);
      stale[Symbol.dispose]();
      t.throws(() => lessor.acquireNowait(), WouldBlock, "it is still held");
      lease.release();
    },
  ),
  ...eachLessor("L2", 21, "A lease of WHAT may be released by another task", async (t, lessor) => {
    const lease = await lessor.acquire();
    await gather(async () => lease.release());
    lessor.acquireNowait().release();
    t.equal(lessor.waiting(), 0);
  }),
  ...eachLessor("L2", 31, "Leaving a `using` block releases a lease of WHAT", async (t, lessor) => {
    {
      using _ = await lessor.acquire();
      t.throws(() => lessor.acquireNowait(), WouldBlock, "it is held inside the block");
    }
    lessor.acquireNowait().release();
  }),
  ...eachLessor(
    "L2",
    41,
    "Leaving a `using` block of WHAT after a release by hand does nothing",
    async (t, lessor) => {
      let next: Lease;
      {
        using lease = await lessor.acquire();
        lease.release();
        next = lessor.acquireNowait();
      }
      t.throws(() => lessor.acquireNowait(), WouldBlock, "whoever came next still holds it");
      next.release();
    },
  ),
  ...lessors.map(([name, make], index) =>
    virtual(
      `L2.${51 + index}`,
      `A task that holds ${name} and acquires it again waits like any other`,
      async (t) => {
        await t.run(async () => {
          const lessor = make();
          using _ = await lessor.acquire();
          const again = await moveOnAfter(10, () => lessor.acquire());
          t.equal(again, undefined, "what came of the second acquire");
          t.throws(() => lessor.acquireNowait(), WouldBlock);
        });
      },
    ),
  ),
];

const handOver: readonly Case[] = [
  ...eachLessor(
    "L3",
    1,
    "Nobody gets WHAT by acquireNowait() between release and hand-over",
    async (t, lessor) => {
      const lease = await lessor.acquire();
      await inOrder([turnOf(t, lessor, "waiter")], () => {
        lease.release();
        t.throws(() => lessor.acquireNowait(), WouldBlock);
        t.equal(t.log.length, 0, "what the waiter has done by then");
        t.equal(lessor.waiting(), 0, "how many wait after the hand-over");
      });
      lessor.acquireNowait().release();
    },
  ),
  ...eachLessor(
    "L3",
    11,
    "acquireNowait() of WHAT throws WouldBlock while it is held",
    async (t, lessor) => {
      const lease = lessor.acquireNowait();
      const error = t.throws(() => lessor.acquireNowait(), WouldBlock) as WouldBlock;
      t.equal(error.code, "ERR_WOULD_BLOCK");
      lease.release();
      lessor.acquireNowait().release();
    },
  ),
];

/** L1 to L3, for everything that lends leases. */
export const leaseCases: readonly Case[] = [...order, ...ownership, ...handOver];
