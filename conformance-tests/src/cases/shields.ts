import {
  Cancelled,
  CancelScope,
  ScopeCancelledError,
  TimeoutError,
  cancelScope,
  checkpoint,
  gather,
  moveOnAfter,
  now,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";

/** C11 and C20: what hides cancellation from the outside. */
export const shieldCases: readonly Case[] = [
  virtual("C11.1", "A shield hides the cancellation of enclosing scopes", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        await cancelScope(() => sleep(10), { shield: true });
        t.log.push("slept");
      }),
    );
    t.expectLog(["slept"]);
  }),
  timeless("C11.2", "A shield does not hide the scope's own cancellation", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope({ shield: true });
      await scope.run(async () => {
        scope.cancel();
        await checkpoint();
        t.log.push("unreached");
      });
      t.equal(scope.cancelledCaught, true, "cancelledCaught");
    });
    t.expectLog([]);
  }),
  virtual("C11.3", "A shield does not hide the scope's own deadline", async (t) => {
    await t.run(async () => {
      const start = now();
      await moveOnAfter(10, () => sleepForever(), { shield: true });
      t.equal(now() - start, 10, "the instant of the cancellation");
    });
  }),
  timeless(
    "C11.4",
    "Setting shield to false inside a cancelled parent cancels a wait in progress at once",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const outer = new CancelScope();
          const inner = new CancelScope({ shield: true });
          tg.startSoon(() =>
            outer.run(() => inner.run(() => sleepForever().finally(() => t.log.push("unwound")))),
          );
          await waitAllTasksBlocked();
          outer.cancel();
          await checkpoint();
          t.expectLog([], "nothing happened behind the shield");
          inner.shield = false;
        }),
      );
      t.expectLog(["unwound"]);
    },
  ),
  timeless("C11.5", "Setting shield to true stops further delivery", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        await cancelScope(async (inner) => {
          await t.rejects(() => checkpoint(), Cancelled, "before");
          inner.shield = true;
          t.equal(inner.cancelled, false, "cancelled with the shield up");
          await checkpoint();
          inner.shield = false;
          await t.rejects(() => checkpoint(), Cancelled, "after");
        });
      }),
    );
  }),
  virtual(
    "C11.6",
    "A shield holds off a deadline that passes outside while it is up",
    async (t) => {
      await t.run(async () => {
        await moveOnAfter(10, async () => {
          await cancelScope(() => sleep(20), { shield: true });
          t.log.push("slept");
          await checkpoint();
          t.log.push("unreached");
        });
      });
      t.expectLog(["slept"]);
    },
  ),
  timeless("C11.7", "A shield also covers the tasks of a group inside it", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        await cancelScope(
          () =>
            taskGroup((tg) => {
              tg.startSoon(async () => {
                await checkpoint();
                t.log.push("task ended");
              });
            }),
          { shield: true },
        );
      }),
    );
    t.expectLog(["task ended"]);
  }),
  virtual(
    "C20.1",
    "shield() lets cleanup wait although the outside is cancelled, and returns its value",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          const value = await shield(async () => {
            await sleep(10);
            return "cleaned";
          });
          t.equal(value, "cleaned");
          await t.rejects(() => checkpoint(), Cancelled, "the checkpoint after it");
        }),
      );
    },
  ),
  virtual("C20.2", "shield() throws TimeoutError when its timeout passes", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        const start = now();
        await t.rejects(() => shield(() => sleepForever(), { timeout: 10 }), TimeoutError);
        t.equal(now() - start, 10, "the time it took");
      }),
    );
  }),
  virtual(
    "C20.3",
    "shield() with a timeout throws nothing when the body is done in time",
    async (t) => {
      await t.run(async () => {
        t.equal(await shield(() => sleep(5).then(() => "done"), { timeout: 10 }), "done");
        await sleep(20);
      });
    },
  ),
  timeless(
    "C20.4",
    "shield() throws ScopeCancelledError when its scope is cancelled by hand",
    async (t) => {
      await t.run(async () => {
        const work = shield(async (scope) => {
          scope.cancel("by hand");
          await checkpoint();
        });
        const error = (await t.rejects(work, ScopeCancelledError)) as ScopeCancelledError;
        t.equal(error.reason, "by hand", "the error's reason");
      });
    },
  ),
  timeless("C20.5", "shield() passes on the body's own error", async (t) => {
    const boom = new Error("boom");
    await t.run(() =>
      inCancelledScope(async () => {
        t.same(await t.rejects(() => shield(() => Promise.reject(boom))), boom);
      }),
    );
  }),
  virtual(
    "C20.6",
    "A cancellation that comes while shield() runs is delivered at the next checkpoint, not by shield()",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await gather(
          () =>
            scope.run(async () => {
              t.equal(await shield(() => sleep(10).then(() => "whole")), "whole");
              t.log.push("shield returned");
              await checkpoint();
              t.log.push("unreached");
            }),
          async () => {
            await sleep(5);
            scope.cancel();
          },
        );
      });
      t.expectLog(["shield returned"]);
    },
  ),
];
