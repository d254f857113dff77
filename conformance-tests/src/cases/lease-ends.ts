import {
  Cancelled,
  CancelScope,
  checkpoint,
  gather,
  waitAllTasksBlocked,
  WouldBlock,
  type Lease,
} from "@anywhen/core";
import type { Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { inCancelledScope } from "./cancelled-scope.ts";
import { eachLessor, inOrder, turnOf, type Lessor } from "./lessors.ts";

/** A task that keeps what it acquires: it logs what came of it. */
const keeper = (t: CaseContext, lessor: Lessor, scope: CancelScope, kept: Lease[]) => () =>
  scope.run(async () => {
    try {
      kept.push(await lessor.acquire());
      t.log.push("acquired");
    } catch (error) {
      t.log.push(error instanceof Cancelled ? "cancelled" : String(error));
      throw error;
    }
    await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
  });

const cancellation: readonly Case[] = [
  ...eachLessor(
    "L4",
    1,
    "A cancelled waiter of WHAT leaves the queue at once",
    async (t, lessor) => {
      const lease = await lessor.acquire();
      const scope = new CancelScope();
      await inOrder([keeper(t, lessor, scope, [])], () => {
        t.equal(lessor.waiting(), 1, "how many wait");
        scope.cancel();
        t.equal(lessor.waiting(), 0, "how many wait after cancel()");
        lease.release();
        lessor.acquireNowait().release();
      });
      t.expectLog(["cancelled"]);
    },
  ),
  ...eachLessor(
    "L4",
    11,
    "A waiter that was handed WHAT before it was cancelled has it",
    async (t, lessor) => {
      const lease = await lessor.acquire();
      const scope = new CancelScope();
      const kept: Lease[] = [];
      await inOrder([keeper(t, lessor, scope, kept)], () => {
        lease.release();
        scope.cancel();
      });
      t.expectLog(["acquired"]);
      t.throws(() => lessor.acquireNowait(), WouldBlock, "it is held");
      kept[0]?.release();
      lessor.acquireNowait().release();
    },
  ),
  ...eachLessor(
    "L4",
    21,
    "WHAT that is released right after a cancellation goes to the next waiter",
    async (t, lessor) => {
      const lease = await lessor.acquire();
      const scope = new CancelScope();
      const works = [keeper(t, lessor, scope, []), turnOf(t, lessor, "next")];
      await inOrder(works, () => {
        scope.cancel();
        lease.release();
      });
      t.expectLogInAnyOrder(["cancelled", "next"]);
      lessor.acquireNowait().release();
    },
  ),
  ...eachLessor(
    "L4",
    31,
    "A cancelled wait for WHAT is not kept alive by it",
    async (t, lessor) => {
      const lease = await lessor.acquire();
      const scopes: WeakRef<object>[] = [];
      for (let made = 0; made < 8; made += 1) {
        await gather(() => waitAndBeCancelled(lessor, scopes));
      }
      t.ok(await t.areCollected(scopes), "the scopes of the waits are collected");
      lease.release();
    },
  ),
];

async function waitAndBeCancelled(lessor: Lessor, scopes: WeakRef<object>[]): Promise<void> {
  const scope = new CancelScope();
  scopes.push(new WeakRef(scope));
  await gather(
    () => scope.run(() => lessor.acquire()),
    async () => {
      await waitAllTasksBlocked();
      scope.cancel();
    },
  );
}

const use: readonly Case[] = [
  ...eachLessor("L10", 1, "use() of WHAT releases on return", async (t, lessor) => {
    const value = await lessor.use(async () => {
      t.throws(() => lessor.acquireNowait(), WouldBlock, "it is held inside");
      return "value";
    });
    t.equal(value, "value");
    lessor.acquireNowait().release();
  }),
  ...eachLessor("L10", 11, "use() of WHAT releases on throw", async (t, lessor) => {
    const boom = new Error("boom");
    const rejecting = lessor.use(() => Promise.reject(boom));
    t.same(await t.rejects(rejecting), boom);
    const throwing = lessor.use(() => {
      throw boom;
    });
    t.same(await t.rejects(throwing), boom);
    lessor.acquireNowait().release();
  }),
  ...eachLessor("L10", 21, "use() of WHAT releases on cancellation", async (t, lessor) => {
    const scope = new CancelScope();
    await scope.run(() =>
      lessor.use(async () => {
        scope.cancel();
        await checkpoint();
      }),
    );
    t.ok(scope.cancelledCaught, "the cancellation passed through use()");
    lessor.acquireNowait().release();
  }),
  ...eachLessor(
    "L10",
    31,
    "use() of WHAT does not run its body when it is cancelled before it holds",
    async (t, lessor) => {
      await inCancelledScope(async () => {
        await t.rejects(() => lessor.use(() => void t.log.push("ran")), Cancelled);
      });
      const lease = await lessor.acquire();
      const scope = new CancelScope();
      await inOrder([() => scope.run(turnOf(t, lessor, "ran"))], () => scope.cancel());
      t.expectLog([]);
      lease.release();
      lessor.acquireNowait().release();
    },
  ),
  ...eachLessor(
    "L10",
    41,
    "use() of WHAT with no function is a rejection with a TypeError before it waits",
    async (t, lessor) => {
      const lease = await lessor.acquire();
      await t.rejects(() => lessor.use(5 as unknown as () => void), TypeError);
      t.equal(lessor.waiting(), 0, "how many wait");
      lease.release();
      lessor.acquireNowait().release();
    },
  ),
];

/** L4 and L10, for everything that lends leases. */
export const leaseEndCases: readonly Case[] = [...cancellation, ...use];
