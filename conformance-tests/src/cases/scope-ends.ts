import {
  CancelScope,
  ScopeClosedError,
  cancelScope,
  checkpoint,
  currentBackend,
  currentEffectiveDeadline,
  currentScope,
  currentSignal,
  detached,
  moveOnAfter,
  now,
  sleep,
  taskGroup,
} from "@anywhen/core";
import { should, timeless, virtual, real, type Case } from "../case.ts";
import { processorTime } from "../processor-time.ts";
import { inCancelledScope } from "./cancelled-scope.ts";

/** C21 to C24: what is left of a scope after its end, and what there is outside every scope. */
export const scopeEndCases: readonly Case[] = [
  timeless("C21.1", "A scope that has ended keeps its parent not alive", async (t) => {
    const children = Array.from({ length: 8 }, () => new CancelScope());
    const parents: WeakRef<object>[] = [];
    await t.run(async () => {
      for (const child of children) {
        await cancelScope(async (scope) => {
          parents.push(new WeakRef(scope));
          await child.run(() => checkpoint());
        });
      }
    });
    t.ok(
      await t.areCollected(parents),
      "the parents are collected while their children are still held",
    );
    t.equal(
      children.map((child) => child.cancelCalled),
      parents.map(() => false),
      "cancelCalled of the children",
    );
  }),
  timeless("C21.2", "A scope that goes on keeps no child alive that has ended", async (t) => {
    await t.run(async () => {
      const children: WeakRef<object>[] = [];
      for (let made = 0; made < 8; made += 1) {
        await cancelScope(async (scope) => {
          children.push(new WeakRef(scope));
          await checkpoint();
        });
      }
      await checkpoint();
      t.ok(await t.areCollected(children), "the children are collected while their parent goes on");
    });
  }),
  virtual("C21.3", "A scope that has ended leaves no timer armed", async (t) => {
    await t.run(async () => {
      await moveOnAfter(1_000_000, () => checkpoint());
      await t.turn();
      await t.turn();
      t.equal(t.watch.timersAlive, 0, "timers armed while the run goes on");
    });
  }),
  virtual("C21.4", "A sleep that was cancelled leaves no timer armed", async (t) => {
    await t.run(async () => {
      await moveOnAfter(10, () => sleep(1_000_000));
      await t.turn();
      await t.turn();
      t.equal(t.watch.timersAlive, 0, "timers armed while the run goes on");
    });
  }),
  timeless("C21.5", "A wait that has ended keeps nothing of its caller alive", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      const locals: WeakRef<object>[] = [];
      await scope.run(async () => {
        for (let made = 0; made < 8; made += 1) {
          await (async () => {
            const local = { big: "value" };
            locals.push(new WeakRef(local));
            await checkpoint();
            t.log.push(local.big);
          })();
        }
        t.ok(
          await t.areCollected(locals),
          "the locals of the callers are collected while the scope goes on",
        );
      });
    });
  }),
  timeless(
    "C22.1",
    "A checkpoint whose scope has ended throws ScopeClosedError that names the scope",
    async (t) => {
      await t.run(async () => {
        let stray: Promise<void> | undefined;
        await cancelScope(
          () => {
            stray = t.turn().then(() => checkpoint());
          },
          { name: "the forgotten one" },
        );
        const error = (await t.rejects(stray as Promise<void>, ScopeClosedError)) as Error;
        t.ok(
          error.message.includes("the forgotten one"),
          `its message names the scope: ${error.message}`,
        );
      });
    },
  ),
  virtual(
    "C22.2",
    "A wait still in progress when its scope ends is rejected with ScopeClosedError",
    async (t) => {
      await t.run(async () => {
        let stray: Promise<unknown> | undefined;
        await cancelScope(() => {
          stray = t.rejects(sleep(1_000), ScopeClosedError);
        });
        await stray;
        await t.turn();
        t.equal(t.watch.timersAlive, 0, "timers armed after that");
      });
    },
  ),
  virtual("C22.3", "The descendants of a scope that ends are closed, too", async (t) => {
    await t.run(async () => {
      let stray: Promise<unknown> | undefined;
      await cancelScope(() => {
        stray = cancelScope(async () => {
          await t.rejects(() => sleep(1_000), ScopeClosedError, "the wait in progress");
          await t.rejects(() => checkpoint(), ScopeClosedError, "a later checkpoint");
        });
      });
      await stray;
    });
  }),
  timeless(
    "C22.4",
    "A checkpoint of work that outlived its task throws ScopeClosedError that names the task",
    async (t) => {
      await t.run(async () => {
        let stray: Promise<void> | undefined;
        await taskGroup((tg) => {
          tg.startSoon(
            () => {
              stray = t
                .turn()
                .then(() => t.turn())
                .then(() => checkpoint());
            },
            { name: "the hasty one" },
          );
        });
        const error = (await t.rejects(stray as Promise<void>, ScopeClosedError)) as Error;
        t.ok(
          error.message.includes("the hasty one"),
          `its message names the task: ${error.message}`,
        );
      });
    },
  ),
  timeless(
    "C22.5",
    "A checkpoint of work that outlived its run throws ScopeClosedError",
    async (t) => {
      let stray: Promise<void> | undefined;
      await t.run(() => {
        stray = t
          .turn()
          .then(() => t.turn())
          .then(() => checkpoint());
      });
      await t.rejects(stray as Promise<void>, ScopeClosedError);
    },
  ),
  timeless(
    "C22.6",
    "A scope that was cancelled and has ended throws ScopeClosedError, not Cancelled",
    async (t) => {
      await t.run(async () => {
        let stray: Promise<void> | undefined;
        await inCancelledScope(async () => {
          stray = t.turn().then(() => checkpoint());
        });
        await t.rejects(stray as Promise<void>, ScopeClosedError);
      });
    },
  ),
  timeless(
    "C22.7",
    "detached() runs its function outside every scope and returns its value",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          const value = detached(() => [
            currentScope(),
            currentSignal().aborted,
            currentEffectiveDeadline(),
          ]);
          t.equal(
            value,
            [undefined, false, Infinity],
            "[currentScope(), currentSignal().aborted, currentEffectiveDeadline()]",
          );
          t.ok(currentScope()?.cancelled, "the scope is back afterwards");
        }),
      );
    },
  ),
  timeless(
    "C22.8",
    "Work created through detached() is not cancelled with the scope it was created in, and outlives it",
    async (t) => {
      await t.asDefaultBackend(async () => {
        let work: Promise<string> | undefined;
        await t.run(() =>
          inCancelledScope(async () => {
            work = detached(async () => {
              await checkpoint();
              await t.turn();
              await t.turn();
              await checkpoint();
              return "outlived";
            });
          }),
        );
        t.equal(await work, "outlived");
      });
    },
  ),
  timeless("C22.9", "detached() passes on what its function throws", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const thrower = (): void => {
        throw boom;
      };
      t.same(
        t.throws(() => detached(thrower)),
        boom,
      );
    });
  }),
  should(
    real("C23.1", "Cancelling costs no more than in proportion to the waits below", async (t) => {
      const few = await t.run(() => costOfCancelling(1_000));
      const many = await t.run(() => costOfCancelling(10_000));
      t.ok(
        many < Math.max(few, 0.2) * 60,
        `ten times the waits cost at most about ten times as much, not ${(many / few).toFixed(0)} times`,
      );
    }),
  ),
  should(
    real(
      "C23.2",
      "A checkpoint that does not wait costs the same at any nesting depth",
      async (t) => {
        const shallow = await t.run(() => costOfCheckpoints(1));
        const deep = await t.run(() => costOfCheckpoints(20_000));
        t.ok(
          deep < Math.max(shallow, 0.2) * 20,
          `20,000 levels deep it costs about the same, not ${(deep / shallow).toFixed(0)} times as much`,
        );
      },
    ),
  ),
  timeless(
    "C24.1",
    "Outside every run and scope there is no scope, no deadline and no aborted signal",
    async (t) => {
      t.equal(
        [currentScope(), currentSignal().aborted],
        [undefined, false],
        "[currentScope(), currentSignal().aborted]",
      );
      t.equal(currentEffectiveDeadline(), Infinity);
    },
  ),
  virtual(
    "C24.2",
    "Code outside every run works on the process-wide default backend",
    async (t) => {
      await t.asDefaultBackend(async () => {
        t.same(currentBackend(), t.backend, "currentBackend()");
        const start = now();
        await checkpoint();
        await sleep(10);
        t.equal(now() - start, 10, "the time slept");
      });
    },
  ),
  virtual("C24.3", "Scopes and groups work outside every run", async (t) => {
    await t.asDefaultBackend(async () => {
      const value = await moveOnAfter(10, () => sleep(20).then(() => "unreached"));
      t.equal(value, undefined, "moveOnAfter()");
      await taskGroup((tg) => {
        tg.startSoon(() => sleep(5).then(() => t.log.push("task ended")));
      });
    });
    t.expectLog(["task ended"]);
  }),
];

/** In processor time: the machine may be busy otherwise. */
async function costOfCancelling(waits: number): Promise<number> {
  let best = Infinity;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const scope = new CancelScope();
    await scope.run(async () => {
      const work = Array.from({ length: waits }, () => sleep(1_000_000).catch(() => {}));
      const start = processorTime();
      scope.cancel();
      best = Math.min(best, processorTime() - start);
      await Promise.all(work);
    });
  }
  return best;
}

async function costOfCheckpoints(depth: number): Promise<number> {
  if (depth > 1) return cancelScope(() => costOfCheckpoints(depth - 1)) as Promise<number>;
  let best = Infinity;
  await taskGroup(async (tg) => {
    const handle = tg.startSoon(async () => {});
    await handle.wait();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const start = processorTime();
      for (let count = 0; count < 500; count += 1) await handle.wait();
      best = Math.min(best, processorTime() - start);
    }
  });
  return best;
}
