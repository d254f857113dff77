import {
  Cancelled,
  CancelScope,
  ScopeClosedError,
  UsageError,
  cancelScope,
  checkpoint,
  currentScope,
  gather,
  isCancelled,
  sleep,
  sleepForever,
  taskGroup,
  throwIfCancelled,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { inCancelledScope, cancelledCheckpoint } from "./cancelled-scope.ts";

/** C1 to C3, C13, C15, C16 and C19: how cancellation spreads. */
export const scopeCases: readonly Case[] = [
  timeless("C1.1", "Every checkpoint in a cancelled scope throws, again and again", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        await t.rejects(() => checkpoint(), Cancelled, "the first");
        await t.rejects(() => sleep(1), Cancelled, "the second");
        await t.rejects(() => checkpoint(), Cancelled, "the third");
        t.throws(() => throwIfCancelled(), Cancelled, "the fourth");
      }),
    );
  }),
  timeless(
    "C1.2",
    "Once control has left the cancelled scope, checkpoints return again",
    async (t) => {
      await t.run(async () => {
        await cancelledCheckpoint();
        await checkpoint();
        t.log.push("after");
      });
      t.expectLog(["after"]);
    },
  ),
  timeless("C1.3", "Cancellation reaches a scope entered after it", async (t) => {
    await t.run(() =>
      inCancelledScope(() =>
        cancelScope(async () => {
          await t.rejects(() => checkpoint(), Cancelled);
        }).then(() => {}),
      ),
    );
  }),
  timeless(
    "C2.1",
    "A scope inside a cancelled scope is effectively cancelled, though it was not itself",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          await cancelScope((inner) => {
            t.equal(
              [inner.cancelled, inner.cancelCalled],
              [true, false],
              "[cancelled, cancelCalled]",
            );
          });
        }),
      );
    },
  ),
  timeless(
    "C2.2",
    "A scope with a shield is not effectively cancelled by its parent",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          await cancelScope(
            async (inner) => {
              t.equal(inner.cancelled, false);
              await checkpoint();
            },
            { shield: true },
          );
        }),
      );
    },
  ),
  timeless(
    "C2.3",
    "Cancellation passes through any number of scopes without a shield",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          await cancelScope(() =>
            cancelScope(() =>
              cancelScope((inner) => t.ok(inner.cancelled, "cancelled three levels down")),
            ),
          );
        }),
      );
    },
  ),
  timeless("C2.4", "A cancelled scope does not cancel the scope around it", async (t) => {
    await t.run(() =>
      cancelScope(async (outer) => {
        await cancelledCheckpoint();
        t.equal(
          [outer.cancelled, outer.cancelCalled],
          [false, false],
          "[cancelled, cancelCalled] of the outer scope",
        );
      }),
    );
  }),
  timeless(
    "C2.5",
    "Cancelling a scope that runs reaches the waits of every scope below it, however deep",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const scope = new CancelScope();
          const inside = (depth: number): Promise<unknown> =>
            cancelScope(() => (depth === 0 ? sleepForever() : inside(depth - 1)));
          tg.startSoon(() => scope.run(() => inside(5)));
          await waitAllTasksBlocked();
          scope.cancel();
          t.log.push("cancelled");
        }),
      );
      t.expectLog(["cancelled"]);
    },
  ),
  timeless("C3.1", "The first reason of several cancel() calls stands", async (t) => {
    const scope = new CancelScope();
    scope.cancel("first");
    scope.cancel("second");
    t.equal(scope.cancelReason, "first");
  }),
  timeless("C3.2", "cancel() wakes every wait inside the scope", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const scope = new CancelScope();
        tg.startSoon(() =>
          scope.run(async () => {
            await Promise.allSettled([
              sleepForever().catch(() => t.log.push("first")),
              sleepForever().catch(() => t.log.push("second")),
              cancelScope(() => sleepForever()).catch(() => t.log.push("third")),
            ]);
          }),
        );
        await waitAllTasksBlocked();
        scope.cancel();
      }),
    );
    t.expectLogInAnyOrder(["first", "second", "third"]);
  }),
  timeless("C3.3", "cancel() runs no code of the cancelled task before it returns", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const scope = new CancelScope();
        tg.startSoon(() => scope.run(() => sleepForever().finally(() => t.log.push("unwound"))));
        await waitAllTasksBlocked();
        scope.cancel();
        t.log.push("cancel returned");
      }),
    );
    t.expectLog(["cancel returned", "unwound"]);
  }),
  timeless("C3.6", "Abort listeners run when the whole tree of scopes is consistent", async (t) => {
    await t.run(() =>
      cancelScope(async (outer) => {
        await cancelScope((inner) => {
          outer.signal.addEventListener("abort", () => {
            t.equal(
              [outer.cancelled, inner.cancelled],
              [true, true],
              "[outer.cancelled, inner.cancelled] as a listener of the outer one sees them",
            );
            t.log.push("listened");
          });
          outer.cancel();
        });
      }),
    );
    t.expectLog(["listened"]);
  }),
  timeless("C3.4", "cancel() of a scope that has ended changes nothing", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      await scope.run(() => {});
      scope.cancel("late");
      t.equal(
        [scope.cancelCalled, scope.cancelReason],
        [false, undefined],
        "[cancelCalled, cancelReason]",
      );
    });
  }),
  timeless("C3.5", "cancel() runs abort listeners of the signal before it returns", async (t) => {
    await t.run(() =>
      cancelScope((scope) => {
        scope.signal.addEventListener("abort", () => t.log.push("listener"));
        scope.cancel();
        t.log.push("cancel returned");
      }),
    );
    t.expectLog(["listener", "cancel returned"]);
  }),
  timeless(
    "C13.1",
    "A swallowed Cancelled does not uncancel: the next checkpoint throws again",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await scope.run(async () => {
          scope.cancel();
          await sleepForever().catch(() => t.log.push("swallowed"));
          await checkpoint();
          t.log.push("unreached");
        });
        t.equal(scope.cancelledCaught, true, "cancelledCaught");
      });
      t.expectLog(["swallowed"]);
    },
  ),
  timeless(
    "C13.2",
    "A cancelled task that swallows and ends normally has ended normally",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(() => sleepForever().catch(() => "swallowed"));
          await waitAllTasksBlocked();
          handle.cancel();
          t.equal(await handle.result(), "swallowed");
        }),
      );
    },
  ),
  virtual("C15.1", "Branches of one task each see their own chain of scopes", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      await Promise.all([
        scope.run(async () => {
          await sleep(10);
          t.log.push("unreached");
        }),
        cancelScope(async () => {
          await sleep(5);
          scope.cancel();
          await sleep(10);
          t.log.push("other branch ended");
        }),
      ]);
    });
    t.expectLog(["other branch ended"]);
  }),
  virtual("C15.2", "Scopes of two branches may overlap in time without nesting", async (t) => {
    await t.run(async () => {
      const first = new CancelScope();
      const second = new CancelScope();
      await Promise.all([
        first.run(async () => {
          await sleep(20);
          t.same(currentScope(), first, "the first branch's scope");
          t.log.push("first ended");
        }),
        sleep(10).then(() =>
          second.run(async () => {
            t.same(currentScope(), second, "the second branch's scope");
            await sleep(20);
            t.same(currentScope(), second, "the second branch's scope after the first has ended");
            t.log.push("second ended");
          }),
        ),
      ]);
    });
    t.expectLog(["first ended", "second ended"]);
  }),
  timeless("C16.1", "A scope may be cancelled from another task", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      await gather(
        () => scope.run(() => sleepForever()),
        async () => scope.cancel(),
      );
      t.equal(scope.cancelledCaught, true, "cancelledCaught");
    });
  }),
  timeless("C16.2", "A scope may be cancelled from outside every task", async (t) => {
    const scope = new CancelScope();
    const running = t.run(() => scope.run(() => sleepForever()));
    await t.turn();
    scope.cancel();
    await running;
    t.equal(scope.cancelledCaught, true, "cancelledCaught");
  }),
  timeless("C16.3", "A scope may be cancelled from an event listener", async (t) => {
    const target = new EventTarget();
    await t.run(async () => {
      const scope = new CancelScope();
      target.addEventListener("stop", () => scope.cancel());
      await gather(
        () => scope.run(() => sleepForever()),
        async () => void target.dispatchEvent(new Event("stop")),
      );
      t.equal(scope.cancelledCaught, true, "cancelledCaught");
    });
  }),
  timeless("C16.4", "A scope may be cancelled from another run", async (t) => {
    const scope = new CancelScope();
    const running = t.run(() => scope.run(() => sleepForever()));
    await t.run(async () => {
      await checkpoint();
      scope.cancel();
    });
    await running;
    t.equal(scope.cancelledCaught, true, "cancelledCaught");
  }),
  timeless(
    "C19.1",
    "A scope that has run once rejects a second run() with UsageError",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await scope.run(() => {});
        await t.rejects(() => scope.run(() => t.log.push("ran twice")), UsageError);
      });
      t.expectLog([]);
    },
  ),
  timeless("C19.2", "A scope that is running rejects a second run() and goes on", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      await scope.run(async () => {
        await t.rejects(() => scope.run(() => {}), UsageError);
        await checkpoint();
        scope.cancel();
        const error = await t.rejects(
          () => checkpoint(),
          Cancelled,
          "the scope can still be cancelled",
        );
        t.ok(isCancelled(error) && !(error instanceof ScopeClosedError), "the scope is still open");
      });
    });
  }),
];
