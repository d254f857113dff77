import {
  CancelScope,
  CapacityLimiter,
  taskGroup,
  UsageError,
  waitAllTasksBlocked,
  WouldBlock,
  type Lease,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { inOrder } from "./lessors.ts";

/** Tasks that acquire, log their name and keep what they hold. */
function keepers(
  t: CaseContext,
  limiter: CapacityLimiter,
  names: readonly string[],
  kept: Lease[] = [],
): (() => Promise<void>)[] {
  return names.map((name) => async () => {
    kept.push(await limiter.acquire());
    t.log.push(name);
  });
}

const totals: readonly Case[] = [
  timeless("L5.1", "Raising totalTokens wakes as many waiters as tokens were added", async (t) => {
    await t.run(async () => {
      const limiter = new CapacityLimiter(1);
      await limiter.acquire();
      const kept: Lease[] = [];
      await inOrder(keepers(t, limiter, ["first", "second", "third"], kept), async () => {
        limiter.totalTokens = 3;
        t.equal(limiter.borrowedTokens, 3, "borrowed at once");
        t.throws(() => limiter.acquireNowait(), WouldBlock);
        await waitAllTasksBlocked();
        t.expectLogInAnyOrder(["first", "second"]);
        limiter.totalTokens = Infinity;
      });
      t.expectLogInAnyOrder(["first", "second", "third"]);
      t.equal(limiter.availableTokens, Infinity);
    });
  }),
  timeless(
    "L5.2",
    "Lowering totalTokens revokes nothing, and availableTokens may be negative",
    async (t) => {
      await t.run(async () => {
        const limiter = new CapacityLimiter(3);
        const leases = [await limiter.acquire(), await limiter.acquire(), await limiter.acquire()];
        limiter.totalTokens = 1;
        t.equal([limiter.borrowedTokens, limiter.availableTokens], [3, -2]);
        leases[0]?.release();
        leases[1]?.release();
        t.equal([limiter.borrowedTokens, limiter.availableTokens], [1, 0]);
        t.throws(() => limiter.acquireNowait(), WouldBlock);
        leases[2]?.release();
        limiter.acquireNowait().release();
      });
    },
  ),
  timeless(
    "L5.3",
    "After totalTokens was lowered nobody is served before enough tokens have come back",
    async (t) => {
      await t.run(async () => {
        const limiter = new CapacityLimiter(3);
        const leases = [await limiter.acquire(), await limiter.acquire(), await limiter.acquire()];
        await inOrder(keepers(t, limiter, ["waiter"]), () => {
          limiter.totalTokens = 1;
          leases[0]?.release();
          leases[1]?.release();
          t.equal(
            limiter.statistics().tasksWaiting,
            1,
            "how many wait after two of three came back",
          );
          leases[2]?.release();
          t.equal(limiter.statistics().tasksWaiting, 0, "how many wait after all came back");
        });
        t.equal([limiter.borrowedTokens, limiter.availableTokens], [1, 0]);
      });
    },
  ),
  timeless(
    "L5.4",
    "A limiter that is set from 1 to 0 and back keeps its waiter until the token comes back",
    async (t) => {
      await t.run(async () => {
        const limiter = new CapacityLimiter(1);
        const lease = await limiter.acquire();
        await inOrder(keepers(t, limiter, ["waiter"]), () => {
          limiter.totalTokens = 0;
          limiter.totalTokens = 1;
          t.equal(limiter.statistics().tasksWaiting, 1, "held, and set to 0 and back");
          limiter.totalTokens = 0;
          lease.release();
          t.equal(limiter.statistics().tasksWaiting, 1, "released while the total is 0");
          t.equal([limiter.borrowedTokens, limiter.availableTokens], [0, 0]);
          limiter.totalTokens = 1;
          t.equal(limiter.statistics().tasksWaiting, 0, "set to 1");
        });
        t.equal([limiter.borrowedTokens, limiter.availableTokens], [1, 0]);
      });
    },
  ),
  timeless(
    "L5.5",
    "A waiter that a raised total has woken has its token although it is cancelled in the same turn",
    async (t) => {
      await t.run(async () => {
        const limiter = new CapacityLimiter(0);
        const scope = new CancelScope();
        const kept: Lease[] = [];
        const [keeper] = keepers(t, limiter, ["waiter"], kept);
        await inOrder([() => scope.run(keeper as () => Promise<void>)], () => {
          limiter.totalTokens = 1;
          scope.cancel();
        });
        t.expectLog(["waiter"]);
        kept[0]?.release();
        t.equal(limiter.availableTokens, 1);
      });
    },
  ),
  timeless("L5.6", "A limiter of 0 lends nothing, one of Infinity everything", async (t) => {
    await t.run(async () => {
      t.throws(() => new CapacityLimiter(0).acquireNowait(), WouldBlock);
      const limiter = new CapacityLimiter(Infinity);
      for (let count = 0; count < 1_000; count += 1) limiter.acquireNowait();
      await limiter.acquire();
      t.equal([limiter.borrowedTokens, limiter.availableTokens], [1_001, Infinity]);
    });
  }),
  timeless(
    "L5.7",
    "A total that is no whole number, 0 or more, or Infinity is a RangeError and changes nothing",
    async (t) => {
      const limiter = new CapacityLimiter(2);
      for (const wrong of [-1, 1.5, Number.NaN, -Infinity]) {
        t.throws(() => new CapacityLimiter(wrong), RangeError, `new CapacityLimiter(${wrong})`);
        const { message } = t.throws(() => {
          limiter.totalTokens = wrong;
        }, RangeError) as Error;
        t.ok(message.includes("totalTokens") && message.includes(String(wrong)), message);
      }
      t.throws(() => new CapacityLimiter("2" as unknown as number), TypeError);
      t.equal(limiter.totalTokens, 2);
    },
  ),
  timeless("L3.41", "borrowedTokens admits nobody at any moment of a hand-over", async (t) => {
    await t.run(async () => {
      const limiter = new CapacityLimiter(1);
      const lease = await limiter.acquire();
      await inOrder(keepers(t, limiter, ["waiter"]), () => {
        lease.release();
        t.equal([limiter.borrowedTokens, limiter.availableTokens], [1, 0]);
      });
    });
  }),
];

const borrowers: readonly Case[] = [
  timeless("L5.11", "A borrower that holds a token gets no second one", async (t) => {
    await t.run(async () => {
      const limiter = new CapacityLimiter(2);
      const borrower = {};
      const lease = await limiter.acquireOnBehalfOf(borrower);
      await t.rejects(() => limiter.acquireOnBehalfOf(borrower), UsageError);
      t.throws(() => limiter.acquireOnBehalfOfNowait(borrower), UsageError);
      t.equal(limiter.borrowedTokens, 1);
      lease.release();
      limiter.acquireOnBehalfOfNowait(borrower).release();
    });
  }),
  timeless(
    "L5.12",
    "A borrower that waits for a token is refused a second wait, until it is cancelled",
    async (t) => {
      await t.run(async () => {
        const limiter = new CapacityLimiter(0);
        const borrower = {};
        const scope = new CancelScope();
        await inOrder([() => scope.run(() => limiter.acquireOnBehalfOf(borrower))], async () => {
          await t.rejects(() => limiter.acquireOnBehalfOf(borrower), UsageError);
          t.throws(() => limiter.acquireOnBehalfOfNowait(borrower), UsageError);
          scope.cancel();
          t.throws(
            () => limiter.acquireOnBehalfOfNowait(borrower),
            WouldBlock,
            "after the cancellation",
          );
          limiter.totalTokens = 1;
          limiter.acquireOnBehalfOfNowait(borrower).release();
        });
      });
    },
  ),
  timeless("L5.13", "A borrower that was served after a wait holds its token", async (t) => {
    await t.run(async () => {
      const limiter = new CapacityLimiter(1);
      const [first, second] = [{}, {}];
      const lease = await limiter.acquireOnBehalfOf(first);
      await inOrder([() => limiter.acquireOnBehalfOf(second)], () => {
        lease.release();
        t.equal(limiter.statistics().borrowers.length, 1);
        t.same(limiter.statistics().borrowers[0], second);
        t.throws(() => limiter.acquireOnBehalfOfNowait(second), UsageError);
        t.throws(() => limiter.acquireOnBehalfOfNowait(first), WouldBlock);
      });
    });
  }),
  timeless("L5.14", "Every plain acquire() is a borrower of its own", async (t) => {
    await t.run(async () => {
      const limiter = new CapacityLimiter(2);
      const leases = [await limiter.acquire(), limiter.acquireNowait()];
      t.equal(new Set(limiter.statistics().borrowers).size, 2);
      for (const lease of leases) lease.release();
    });
  }),
  timeless("L5.15", "A borrower that is no object is a TypeError", async (t) => {
    await t.run(async () => {
      const limiter = new CapacityLimiter(1);
      for (const wrong of ["id", null, undefined, 5]) {
        await t.rejects(() => limiter.acquireOnBehalfOf(wrong as unknown as object), TypeError);
        t.throws(() => limiter.acquireOnBehalfOfNowait(wrong as unknown as object), TypeError);
      }
      limiter.acquireOnBehalfOfNowait(() => {}).release();
    });
  }),
  timeless("L5.16", "statistics() of a limiter is exact at every step", async (t) => {
    await t.run(async () => {
      const limiter = new CapacityLimiter(2);
      const none = { borrowedTokens: 0, totalTokens: 2, borrowers: [], tasksWaiting: 0 };
      t.equal(limiter.statistics(), none, "of a new limiter");
      const [one, two, three] = [{ id: 1 }, { id: 2 }, { id: 3 }];
      const lease = await limiter.acquireOnBehalfOf(one);
      limiter.acquireOnBehalfOfNowait(two);
      const full = { ...none, borrowedTokens: 2, borrowers: [one, two] };
      t.equal(limiter.statistics(), full, "two tokens lent");
      await taskGroup(async (tg) => {
        const waiter = tg.startSoon(() => limiter.acquireOnBehalfOf(three));
        const other = tg.startSoon(() => limiter.acquire());
        await waitAllTasksBlocked();
        t.equal(limiter.statistics(), { ...full, tasksWaiting: 2 }, "awaited");
        other.cancel();
        t.equal(limiter.statistics(), { ...full, tasksWaiting: 1 }, "one cancelled");
        limiter.totalTokens = 1;
        t.equal(limiter.statistics(), { ...full, totalTokens: 1, tasksWaiting: 1 }, "lowered");
        limiter.totalTokens = 2;
        lease.release();
        t.equal(limiter.statistics(), { ...full, borrowers: [two, three] }, "handed over");
        (await waiter.result()).release();
      });
      t.equal(limiter.statistics(), { ...none, borrowedTokens: 1, borrowers: [two] }, "released");
    });
  }),
];

/** L5, and what else is particular to a capacity limiter. */
export const capacityLimiterCases: readonly Case[] = [...totals, ...borrowers];
