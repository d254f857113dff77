import {
  Cancelled,
  CancelScope,
  ScopeCancelledError,
  TaskGroupError,
  TimeoutError,
  checkpoint,
  failAfter,
  failAt,
  now,
  shield,
  sleep,
  sleepForever,
  taskGroup,
} from "@anywhen/core";
import { virtual, type Case } from "../case.ts";

/** C12: a scope that must return a value tells why it was cancelled. */
export const timeoutCases: readonly Case[] = [
  virtual("C12.1", "failAfter() throws TimeoutError when its deadline passes", async (t) => {
    await t.run(async () => {
      await t.rejects(() => failAfter(10, () => sleepForever()), TimeoutError);
      await t.rejects(() => failAt(now() + 10, () => sleepForever()), TimeoutError, "failAt()");
    });
  }),
  virtual(
    "C12.2",
    "failAfter() throws ScopeCancelledError with the reason when it was cancelled by a call",
    async (t) => {
      await t.run(async () => {
        const work = failAfter(10, async (scope) => {
          scope.cancel("by hand");
          await checkpoint();
        });
        const error = (await t.rejects(work, ScopeCancelledError)) as ScopeCancelledError;
        t.equal(error.reason, "by hand", "the error's reason");
      });
    },
  ),
  virtual(
    "C12.3",
    "failAfter() cancelled by a call throws no TimeoutError, although the deadline passes while it unwinds",
    async (t) => {
      await t.run(async () => {
        const work = failAfter(10, async (scope) => {
          scope.cancel("by hand");
          await sleepForever().finally(() => shield(() => sleep(50)));
        });
        await t.rejects(work, ScopeCancelledError);
      });
    },
  ),
  virtual(
    "C12.4",
    "failAfter() returns a value that the body returned although the deadline had passed",
    async (t) => {
      await t.run(async () => {
        const value = await failAfter(10, async () => {
          await sleep(20).catch(() => {});
          return "late, but here";
        });
        t.equal(value, "late, but here");
      });
    },
  ),
  virtual(
    "C12.5",
    "An error that the body threw wins over the deadline that had passed",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = failAfter(10, async () => {
          await sleep(20).catch(() => {});
          throw boom;
        });
        t.same(await t.rejects(work), boom);
      });
    },
  ),
  virtual("C12.6", "An error that the body threw wins over a cancellation by a call", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const work = failAfter(10, async (scope) => {
        scope.cancel();
        throw boom;
      });
      t.same(await t.rejects(work), boom);
    });
  }),
  virtual("C12.7", "failAfter() passes on a cancellation from outside as Cancelled", async (t) => {
    await t.run(async () => {
      const outer = new CancelScope({ deadline: now() + 10 });
      await outer.run(async () => {
        await t.rejects(() => failAfter(20, () => sleepForever()), Cancelled);
        await checkpoint();
      });
      t.equal(outer.cancelledCaught, true, "cancelledCaught of the outer scope");
    });
  }),
  virtual("C12.8", "A group that fails inside failAfter() is thrown as it is", async (t) => {
    await t.run(async () => {
      const work = failAfter(10, () =>
        taskGroup((tg) => {
          tg.startSoon(async () => Promise.reject(new Error("boom")));
        }),
      );
      await t.rejects(work, TaskGroupError);
    });
  }),
  virtual("C12.9", "The TimeoutError of failAfter() carries the reason it was given", async (t) => {
    await t.run(async () => {
      const error = await t.rejects(
        () => failAfter(10, () => sleepForever(), { reason: "no answer from the clock" }),
        TimeoutError,
      );
      t.ok(
        (error as Error).message.includes("no answer from the clock"),
        "the message contains it",
      );
    });
  }),
];
