import {
  Cancelled,
  CancelScope,
  cancellable,
  currentSignal,
  moveOnAfter,
  sleep,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";
import { Deferred } from "./deferred.ts";

export const cancellableCases: readonly Case[] = [
  timeless("K6.1", "Awaiting a foreign promise is no checkpoint", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        t.equal(await Promise.resolve(5), 5);
        await t.turn();
      }),
    );
  }),
  timeless("K6.2", "cancellable() resolves with the promise's value", async (t) => {
    const value = {};
    await t.run(async () => {
      t.same(await cancellable(t.turn().then(() => value)), value);
    });
  }),
  timeless("K6.3", "cancellable() rejects with the promise's own error", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      t.same(await t.rejects(() => cancellable(t.turn().then(() => Promise.reject(boom)))), boom);
    });
  }),
  timeless(
    "K6.4",
    "cancellable() of a function hands it a signal that aborts when the scope is cancelled",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await scope.run(async () => {
          let signal: AbortSignal | undefined;
          const work = cancellable((given) => {
            signal = given;
            return new Promise(() => {});
          });
          t.equal(signal?.aborted, false, "not aborted before");
          scope.cancel();
          t.equal(signal?.aborted, true, "aborted after");
          const error = await t.rejects(work, Cancelled);
          t.same(signal?.reason, error, "the signal's reason");
        });
      });
    },
  ),
  timeless(
    "K6.5",
    "cancellable() throws at once on cancellation and abandons the promise",
    async (t) => {
      await t.run(async () => {
        const work = new Deferred<void>();
        const scope = new CancelScope();
        await taskGroup(async (tg) => {
          tg.startSoon(async () => scope.cancel());
          await scope.run(async () => {
            await t.rejects(() => cancellable(work.promise), Cancelled);
            t.log.push("thrown");
          });
        });
        t.log.push("promise settles");
        work.resolve();
      });
      t.expectLog(["thrown", "promise settles"]);
    },
  ),
  timeless(
    "K6.6",
    "The late rejection of an abandoned promise is no unhandled rejection",
    async (t) => {
      await t.run(async () => {
        const work = new Deferred<void>();
        const scope = new CancelScope();
        await scope.run(async () => {
          const waiting = cancellable(() => work.promise);
          scope.cancel();
          await t.rejects(waiting, Cancelled);
        });
        work.reject(new Error("late"));
        await t.turn();
      });
    },
  ),
  timeless(
    "K6.7",
    'With onCancel "wait", cancellable() throws Cancelled only after the promise has settled',
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await scope.run(async () => {
          const waiting = cancellable(
            async (signal) => {
              await aborted(signal);
              await t.turn();
              t.log.push("unwound");
            },
            { onCancel: "wait" },
          );
          scope.cancel();
          await t.rejects(waiting, Cancelled);
          t.log.push("thrown");
        });
      });
      t.expectLog(["unwound", "thrown"]);
    },
  ),
  timeless(
    "K6.8",
    'With onCancel "wait", a rejection that is no abort wins over Cancelled',
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const scope = new CancelScope();
        await scope.run(async () => {
          const work = new Deferred<void>();
          const waiting = cancellable(work.promise, { onCancel: "wait" });
          scope.cancel();
          work.reject(boom);
          t.same(await t.rejects(waiting), boom);
        });
      });
    },
  ),
  timeless(
    "K6.9",
    'With onCancel "wait", a rejection with the signal\'s reason is thrown as Cancelled',
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await scope.run(async () => {
          const waiting = cancellable(async (signal) => Promise.reject(await aborted(signal)), {
            onCancel: "wait",
          });
          scope.cancel();
          await t.rejects(waiting, Cancelled);
        });
        t.ok(scope.cancelCalled, "the scope was cancelled");
      });
    },
  ),
  timeless(
    "K6.10",
    "In a cancelled scope cancellable() does not call the function: it had no effect",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          await t.rejects(
            () =>
              cancellable(async () => {
                t.log.push("called");
              }),
            Cancelled,
          );
        }),
      );
      t.expectLog([]);
    },
  ),
  timeless(
    "K6.11",
    "currentSignal() makes a foreign operation that takes signals end with its scope",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        const value = await scope.run(async () => {
          const signal = currentSignal();
          const operation = aborted(signal).then((reason) => Promise.reject(reason));
          scope.cancel();
          await operation;
        });
        t.equal(value, undefined);
        t.ok(scope.cancelledCaught, "the scope absorbed the rejection with its signal's reason");
      });
    },
  ),
  timeless(
    "K6.12",
    "cancellable() passes on a synchronous throw of the function as a rejection",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = (): Promise<void> => {
          throw boom;
        };
        t.same(await t.rejects(() => cancellable(work)), boom);
      });
    },
  ),
  virtual("K6.13", "Time stands still while a task awaits a foreign promise", async (t) => {
    await t.run(async () => {
      await taskGroup(async (tg) => {
        const work = new Deferred<void>();
        tg.startSoon(async () => {
          await moveOnAfter(50, () => work.promise);
          t.log.push("foreign promise done");
        });
        tg.startSoon(async () => {
          await sleep(10);
          t.log.push("slept");
        });
        for (let count = 0; count < 5; count += 1) await t.turn();
        t.expectLog([], "nothing happened in the meantime");
        work.resolve();
      });
    });
    t.expectLog(["foreign promise done", "slept"]);
  }),
  virtual("K6.14", "A task that waits in cancellable() counts as running", async (t) => {
    const work = new Deferred<void>();
    const running = t.run(() =>
      taskGroup((tg) => {
        tg.startSoon(async () => {
          await cancellable(work.promise);
          t.log.push("foreign promise done");
        });
        tg.startSoon(() => sleep(10).then(() => t.log.push("slept")));
        tg.startSoon(() => waitAllTasksBlocked().then(() => t.log.push("all blocked")));
      }),
    );
    for (let count = 0; count < 10; count += 1) await t.turn();
    t.expectLog([], "time stands still in the meantime, and not all are blocked");
    work.resolve();
    await running;
    t.expectLog(["foreign promise done", "all blocked", "slept"]);
  }),
];

function aborted(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) =>
    signal.addEventListener("abort", () => resolve(signal.reason), { once: true }),
  );
}
