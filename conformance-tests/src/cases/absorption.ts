import { Cancelled, CancelScope, TaskGroupError, cancelScope, checkpoint } from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";

/** C4 to C7: what a scope does with a body that ends in this way or that. */
export const absorptionCases: readonly Case[] = [
  timeless(
    "C4.1",
    "A cancelled scope absorbs its Cancelled, resolves with undefined and has cancelledCaught",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        const value = await scope.run(async () => {
          scope.cancel();
          await checkpoint();
          return "unreached";
        });
        t.equal(value, undefined);
        t.equal(scope.cancelledCaught, true, "cancelledCaught");
      });
    },
  ),
  timeless(
    "C4.2",
    "Cancelled passes a scope that is not cancelled, up to the one that is",
    async (t) => {
      await t.run(async () => {
        const outer = new CancelScope();
        const inner = new CancelScope();
        await outer.run(async () => {
          await inner.run(async () => {
            outer.cancel();
            await checkpoint();
          });
          t.log.push("after the inner scope");
        });
        t.equal(
          [inner.cancelledCaught, outer.cancelledCaught],
          [false, true],
          "cancelledCaught of [inner, outer]",
        );
      });
      t.expectLog([]);
    },
  ),
  timeless(
    "C4.3",
    "When both an inner and an outer scope are cancelled, the outer one absorbs",
    async (t) => {
      await t.run(async () => {
        const outer = new CancelScope();
        const inner = new CancelScope();
        await outer.run(async () => {
          await inner.run(async () => {
            inner.cancel();
            outer.cancel();
            await checkpoint();
          });
          t.log.push("after the inner scope");
        });
        t.equal(
          [inner.cancelledCaught, outer.cancelledCaught],
          [false, true],
          "cancelledCaught of [inner, outer]",
        );
      });
      t.expectLog([]);
    },
  ),
  timeless(
    "C4.4",
    "A cancelled scope with a shield absorbs although an outer scope is cancelled, too",
    async (t) => {
      await t.run(async () => {
        const inner = new CancelScope({ shield: true });
        await inCancelledScope(async () => {
          await inner.run(async () => {
            inner.cancel();
            await checkpoint();
          });
          t.log.push("after the inner scope");
          await t.rejects(() => checkpoint(), Cancelled, "the checkpoint after it");
        });
        t.equal(inner.cancelledCaught, true, "cancelledCaught of the inner scope");
      });
      t.expectLog(["after the inner scope"]);
    },
  ),
  timeless("C4.5", "cancelledCaught is false while nothing was absorbed", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      await scope.run(() => {
        scope.cancel();
        t.equal(scope.cancelledCaught, false, "inside");
      });
      t.equal(scope.cancelledCaught, false, "after a body that met no checkpoint");
    });
  }),
  timeless(
    "C4.6",
    "An outer scope that is cancelled while the inner one unwinds absorbs",
    async (t) => {
      await t.run(async () => {
        const outer = new CancelScope();
        const inner = new CancelScope();
        await outer.run(async () => {
          await inner.run(async () => {
            inner.cancel();
            await checkpoint().finally(() => outer.cancel());
          });
          t.log.push("after the inner scope");
        });
        t.equal(
          [inner.cancelledCaught, outer.cancelledCaught],
          [false, true],
          "cancelledCaught of [inner, outer]",
        );
      });
      t.expectLog([]);
    },
  ),
  timeless(
    "C5",
    "A body that returns a value although its scope was cancelled keeps its value",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        const value = await scope.run(async () => {
          scope.cancel();
          await checkpoint().catch(() => {});
          return "kept";
        });
        t.equal(value, "kept");
        t.equal(scope.cancelledCaught, false, "cancelledCaught");
      });
    },
  ),
  timeless("C6.1", "An error leaves a scope unchanged", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      t.same(await t.rejects(() => cancelScope(() => Promise.reject(boom))), boom);
    });
  }),
  timeless("C6.2", "An error leaves a cancelled scope unchanged", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const work = inCancelledScope(async () => {
        await checkpoint().catch(() => {});
        throw boom;
      });
      t.same(await t.rejects(work), boom);
    });
  }),
  timeless("C6.3", "A TaskGroupError passes a cancelled scope as it is", async (t) => {
    const error = new TaskGroupError([new Error("one"), new Error("two")], "both failed");
    await t.run(async () => {
      const caught = await t.rejects(() => inCancelledScope(() => Promise.reject(error)));
      t.same(caught, error);
      t.equal((caught as TaskGroupError).errors.length, 2, "the number of its errors");
    });
  }),
  timeless(
    "C6.4",
    "A body that throws synchronously rejects the scope with that error",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const body = (): void => {
          throw boom;
        };
        t.same(await t.rejects(() => cancelScope(body)), boom, "of cancelScope()");
        t.same(await t.rejects(() => new CancelScope().run(body)), boom, "of run()");
      });
    },
  ),
  timeless(
    "C7.1",
    "A scope cancelled before run() throws at the first checkpoint inside",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        scope.cancel();
        await scope.run(async () => {
          t.log.push("entered");
          await checkpoint();
          t.log.push("unreached");
        });
        t.equal(scope.cancelledCaught, true, "cancelledCaught");
      });
      t.expectLog(["entered"]);
    },
  ),
  timeless(
    "C7.2",
    "A body with no checkpoint runs to its end in a scope cancelled before",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        scope.cancel();
        t.equal(await scope.run(async () => "end"), "end");
      });
    },
  ),
];
