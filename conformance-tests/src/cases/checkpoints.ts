import {
  Cancelled,
  CancelScope,
  asCompleted,
  cancellable,
  cancelScope,
  checkpoint,
  gather,
  mapConcurrent,
  moveOnAfter,
  now,
  race,
  run,
  sleep,
  sleepForever,
  sleepUntil,
  taskGroup,
  throwIfCancelled,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";

type Work = () => Promise<unknown>;

const never = (): Promise<never> => new Promise(() => {});

/** Everything that can wait, by name. None of it would wait here if its scope were not cancelled. */
const checkpoints: readonly (readonly [string, Work])[] = [
  ["checkpoint()", () => checkpoint()],
  ["sleep(0)", () => sleep(0)],
  ["sleep of some time", () => sleep(5)],
  ["sleepUntil an instant in the past", () => sleepUntil(now() - 1)],
  ["sleepForever()", () => sleepForever()],
  ["cancellable() of a resolved promise", () => cancellable(Promise.resolve(1))],
  ["gather() of nothing", () => gather()],
  ["gather()", () => gather(async () => {})],
  ["race()", () => race([async () => 1])],
  ["mapConcurrent()", () => mapConcurrent([1], async () => {})],
  [
    "the next step of asCompleted()",
    () =>
      asCompleted([async () => 1])
        [Symbol.asyncIterator]()
        .next(),
  ],
];

const cancelledWhenCalled: readonly Case[] = checkpoints.map(([name, work], index) =>
  virtual(
    `K1.${index + 1}`,
    `${name} rejects with Cancelled when its scope is cancelled already`,
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          await t.rejects(work, Cancelled);
        }),
      );
    },
  ),
);

/** Everything that can be made to wait, by name. */
const waits: readonly (readonly [string, Work])[] = [
  ["sleep()", () => sleep(1_000_000)],
  ["sleepUntil()", () => sleepUntil(now() + 1_000_000)],
  ["sleepForever()", () => sleepForever()],
  ["gather()", () => gather(() => sleepForever())],
  ["race()", () => race([() => sleepForever()])],
  ["mapConcurrent()", () => mapConcurrent([1], () => sleepForever())],
  [
    "the next step of asCompleted()",
    () =>
      asCompleted([() => sleepForever()])
        [Symbol.asyncIterator]()
        .next(),
  ],
  [
    "a task group that waits for its tasks",
    () => taskGroup((tg) => void tg.startSoon(() => sleepForever())),
  ],
];

const cancelledWhileWaiting: readonly Case[] = waits.map(([name, work], index) =>
  virtual(
    `K1.${index + 21}`,
    `${name} rejects with Cancelled when its scope is cancelled while it waits`,
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await taskGroup(async (tg) => {
          tg.startSoon(async () => {
            await sleep(10);
            scope.cancel();
          });
          await scope.run(async () => {
            await t.rejects(work, Cancelled);
          });
        });
      });
    },
  ),
);

const others: readonly Case[] = [
  timeless("K1.41", "A handle's wait() is a checkpoint also when the task has ended", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(async () => {});
        await handle.wait();
        await inCancelledScope(async () => {
          await t.rejects(() => handle.wait(), Cancelled);
        });
      }),
    );
  }),
  timeless(
    "K1.42",
    "A handle's result() is a checkpoint also when the task has ended",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(async () => 1);
          await handle.wait();
          await inCancelledScope(async () => {
            await t.rejects(() => handle.result(), Cancelled);
          });
        }),
      );
    },
  ),
  virtual(
    "K1.43",
    "A handle's wait() ends with Cancelled when the waiting scope is cancelled, and the task goes on",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(async () => {
            await sleep(20);
            t.log.push("task ended");
          });
          await moveOnAfter(10, () => handle.wait());
          t.log.push("waiter left");
        }),
      );
      t.expectLog(["waiter left", "task ended"]);
    },
  ),
  virtual(
    "K1.44",
    "cancellable() ends with Cancelled when its scope is cancelled while the promise is pending",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope();
        await taskGroup(async (tg) => {
          tg.startSoon(async () => scope.cancel());
          await scope.run(async () => {
            await t.rejects(() => cancellable(never()), Cancelled);
          });
        });
      });
    },
  ),
  timeless("K1.45", "tg.start() is a checkpoint", async (t) => {
    await t.run(() =>
      taskGroup((tg) =>
        inCancelledScope(async () => {
          await t.rejects(
            () => tg.start<void, void>(async (status) => status.started()),
            Cancelled,
          );
        }),
      ),
    );
  }),
  timeless("K1.46", "Entering and leaving a cancel scope is no checkpoint", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        t.equal(await cancelScope(() => "value"), "value");
      }),
    );
  }),
  timeless("K1.47", "Entering and leaving a task group is no checkpoint", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        t.equal(await taskGroup(() => "value"), "value");
      }),
    );
  }),
  timeless("K1.48", "Entering and leaving a run is no checkpoint", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        t.equal(await run(() => "value", { backend: t.backend }), "value");
      }),
    );
  }),
  timeless(
    "K1.49",
    "throwIfCancelled() throws Cancelled in a cancelled scope and returns in any other",
    async (t) => {
      await t.run(async () => {
        t.equal(throwIfCancelled(), undefined);
        await inCancelledScope(async () => {
          t.throws(() => throwIfCancelled(), Cancelled);
        });
      });
    },
  ),
  timeless(
    "K1.50",
    "sleep() of no number rejects with a TypeError, and does not throw",
    async (t) => {
      await t.run(async () => {
        await t.rejects(() => sleep("5" as unknown as number), TypeError);
      });
    },
  ),
  timeless("K1.51", "A body that is no function is a rejection with a TypeError", async (t) => {
    const body = 5 as unknown as () => void;
    await t.run(async () => {
      await t.rejects(() => cancelScope(body), TypeError, "cancelScope");
      await t.rejects(() => taskGroup(body), TypeError, "taskGroup");
      await t.rejects(() => moveOnAfter(1, body), TypeError, "moveOnAfter");
    });
    await t.rejects(() => t.run(body), TypeError, "run");
  }),

  timeless(
    "K2.1",
    "start() that got its value returns it although its scope is cancelled in the same turn",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const scope = new CancelScope();
          await scope.run(async () => {
            const value = await tg.start<string, void>(async (status) => {
              status.started("ready");
              scope.cancel();
            });
            t.equal(value, "ready");
            await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
          });
        }),
      );
    },
  ),
  virtual(
    "K2.2",
    "Of two sleeps that end at one instant, one that is cancelled by the other either returned or threw",
    async (t) => {
      await t.run(async () => {
        const first = new CancelScope();
        const second = new CancelScope();
        const sleeper = (name: string, own: CancelScope, other: CancelScope) => () =>
          own.run(async () => {
            try {
              await sleep(10);
              t.log.push(`${name} returned`);
            } catch {
              t.log.push(`${name} threw`);
            }
            other.cancel();
            if (own.cancelled)
              await t.rejects(
                () => checkpoint(),
                Cancelled,
                "the checkpoint after a cancelled scope's wait",
              );
          });
        await gather(sleeper("first", first, second), sleeper("second", second, first));
      });
      t.equal(t.log.length, 2, "one outcome for each sleep");
      t.ok(
        t.log.some((event) => event.endsWith("returned")),
        "the sleep that nobody cancelled returned",
      );
    },
  ),

  timeless("K3.1", "cancel() is synchronous and works in a cancelled scope", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        const other = new CancelScope();
        t.equal(other.cancel(), undefined);
        t.ok(other.cancelCalled, "cancel() took effect at once");
      }),
    );
  }),
  timeless("K3.2", "startSoon() is synchronous and works in a cancelled scope", async (t) => {
    await t.run(async () => {
      await taskGroup((tg) =>
        inCancelledScope(async () => {
          tg.startSoon(async () => void t.log.push("ran"));
        }),
      );
    });
    t.expectLog(["ran"]);
  }),
];

export const checkpointCases: readonly Case[] = [
  ...cancelledWhenCalled,
  ...cancelledWhileWaiting,
  ...others,
];
