import {
  CancelScope,
  cancelScope,
  checkpoint,
  currentBackend,
  moveOnAfter,
  now,
  run,
  shield,
  sleep,
  sleepForever,
  sleepUntil,
  taskGroup,
  Cancelled,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { hosted } from "../watched-backend.ts";
import { inCancelledScope, cancelledCheckpoint } from "./cancelled-scope.ts";
import { Deferred } from "./deferred.ts";

/** B1 to B3, B5 and B5a: what a run on a backend looks like from inside and outside. */
export const backendCases: readonly Case[] = [
  timeless("B1", "A backend has a name and says what it can do", async (t) => {
    t.ok(typeof t.backend.name === "string" && t.backend.name !== "", "its name is a string");
    const { virtualTime, deterministic, hostCancel } = t.backend.capabilities;
    t.equal(
      [virtualTime, deterministic, hostCancel].map((value) => typeof value),
      ["boolean", "boolean", "boolean"],
    );
  }),
  timeless(
    "B2.1",
    "currentBackend() is the run's backend in every task, scope and branch",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          t.same(currentBackend(), t.backend, "in the root task");
          await cancelScope(() => t.same(currentBackend(), t.backend, "in a scope"));
          tg.startSoon(async () => {
            await checkpoint();
            t.same(currentBackend(), t.backend, "in a task");
          });
        }),
      );
    },
  ),
  timeless(
    "B2.2",
    "Runs on two backends go on at the same time, each seeing its own",
    async (t) => {
      const other = t.anotherBackend();
      const main = (backend: unknown) => async () => {
        for (let step = 0; step < 5; step += 1) {
          await checkpoint();
          t.same(currentBackend(), backend);
        }
      };
      await Promise.all([t.run(main(t.backend)), run(main(other), { backend: other })]);
    },
  ),
  virtual(
    "B2.3",
    "A run() inside a task is reached by the cancellation of the task's scope",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope({ deadline: now() + 10 });
        await scope.run(() =>
          run(() => sleepForever().finally(() => t.log.push("unwound")), { backend: t.backend }),
        );
        t.equal(scope.cancelledCaught, true, "cancelledCaught");
      });
      t.expectLog(["unwound"]);
    },
  ),
  timeless(
    "B2.4",
    "A run() on another backend inside a task is reached by the cancellation of the task's scope",
    async (t) => {
      const other = t.anotherBackend();
      await t.run(() =>
        inCancelledScope(async () => {
          const work = run(
            async () => {
              t.same(currentBackend(), other, "currentBackend() of the inner run");
              t.log.push("entered");
              await checkpoint();
              t.log.push("unreached");
            },
            { backend: other },
          );
          await t.rejects(work, Cancelled);
        }),
      );
      t.expectLog(["entered"]);
    },
  ),
  timeless(
    "B2.5",
    "The cancellation of a scope inside one run does not touch another run",
    async (t) => {
      const inner = t.run(async () => {
        for (let step = 0; step < 5; step += 1) await checkpoint();
        return "ended";
      });
      await t.run(() => cancelledCheckpoint());
      t.equal(await inner, "ended");
    },
  ),
  timeless("B2.6", "A run() inside a task passes on its value and its very error", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      t.equal(await run(() => checkpoint().then(() => "value"), { backend: t.backend }), "value");
      const failing = () => run(() => Promise.reject(boom), { backend: t.backend });
      t.same(await t.rejects(failing), boom);
      await checkpoint();
    });
  }),
  virtual("B2.7", "Time goes on while a task waits for a run() of its own", async (t) => {
    await t.run(async () => {
      const start = now();
      await run(() => sleep(100), { backend: t.backend });
      t.equal(now() - start, 100, "the time it took");
    });
  }),
  virtual("B3.1", "now() is the backend's clock", async (t) => {
    await t.run(async () => t.equal(now(), t.backend.now()));
  }),
  virtual("B3.2", "Sleeps and deadlines end at their exact instants", async (t) => {
    await t.run(async () => {
      const start = now();
      await sleep(0.25);
      t.equal(now() - start, 0.25, "sleep()");
      await sleepUntil(start + 100);
      t.equal(now() - start, 100, "sleepUntil()");
      await moveOnAfter(3_600_000, () => sleepForever());
      t.equal(now() - start, 3_600_100, "moveOnAfter()");
    });
  }),
  virtual("B3.3", "Tasks that sleep wake in the order of their instants", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        for (const ms of [90, 30, 60, 31, 10])
          tg.startSoon(() => sleep(ms).then(() => t.log.push(String(ms))));
      }),
    );
    t.expectLog(["10", "30", "31", "60", "90"]);
  }),
  virtual("B3.4", "Each of many sleepers sees exactly its own instant", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        const start = now();
        for (let ms = 1; ms <= 50; ms += 1) {
          tg.startSoon(async () => {
            await sleep(ms);
            t.equal(now() - start, ms, "the instant of the wake-up");
          });
        }
      }),
    );
  }),
  timeless("B5.1", "The value of a run is the very value that main returned", async (t) => {
    for (const value of [
      undefined,
      null,
      0,
      "",
      {},
      [],
      () => {},
      Symbol("symbol"),
      new Error("a value"),
      Number.NaN,
    ]) {
      t.same(await t.run(() => value), value);
      t.same(await t.run(() => checkpoint().then(() => value)), value);
    }
  }),
  timeless("B5.2", "The error of a run is the very error that main threw", async (t) => {
    for (const error of [
      new Error("boom"),
      new TypeError("boom"),
      "text",
      0,
      null,
      undefined,
      { plain: "object" },
    ]) {
      t.same(
        await t.rejects(() => t.run(() => checkpoint().then(() => Promise.reject(error)))),
        error,
      );
    }
  }),
  timeless(
    "B5.3",
    "A main that throws synchronously rejects the run with that error",
    async (t) => {
      const boom = new Error("boom");
      const main = (): void => {
        throw boom;
      };
      t.same(await t.rejects(() => t.run(main)), boom);
    },
  ),
  timeless("B5.4", "The host sees each task's outcome with the very value or error", async (t) => {
    const value = {};
    const boom = new Error("boom");
    await t.run(() => value, { name: "ok" });
    await t.rejects(() => t.run(() => Promise.reject(boom), { name: "failing" }));
    const [ok] = hosted(t.watch.tasks, "ok").outcomes;
    const [failing] = hosted(t.watch.tasks, "failing").outcomes;
    t.ok(ok?.tag === "ok", "the outcome of a task that returned is ok");
    t.same((ok as { value: unknown }).value, value);
    t.ok(failing?.tag === "failed", "the outcome of a task that threw is failed");
    t.same((failing as { error: unknown }).error, boom);
  }),
  virtual("B5a.1", "A cancelled wait is woken once", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const scope = new CancelScope({ deadline: now() + 10 });
        let wakeUps = 0;
        tg.startSoon(() =>
          scope.run(() =>
            sleep(10).then(
              () => (wakeUps += 1),
              () => (wakeUps += 1),
            ),
          ),
        );
        await sleep(10);
        scope.cancel();
        await sleep(10);
        t.equal(wakeUps, 1, "the number of wake-ups");
      }),
    );
  }),
  virtual(
    "B5a.2",
    "While work is shielded from a cancellation, nothing polls or spins",
    async (t) => {
      const used = await t.run(() =>
        inScopeThatIsCancelled(() =>
          shield(async () => {
            const before = t.watch.reschedules + t.watch.timersSet;
            await sleep(3_600_000);
            return t.watch.reschedules + t.watch.timersSet - before;
          }),
        ),
      );
      t.ok(used <= 10, `an hour's shielded sleep took ${used} timers and reschedules, not a few`);
    },
  ),
  timeless(
    "B5a.3",
    "While work in a cancelled scope awaits a foreign promise, nothing polls or spins",
    async (t) => {
      const used = await t.run(() =>
        inScopeThatIsCancelled(async () => {
          const work = new Deferred<void>();
          const before = t.watch.reschedules + t.watch.timersSet;
          const waiting = shield(() => work.promise);
          for (let count = 0; count < 20; count += 1) await t.turn();
          work.resolve();
          await waiting;
          return t.watch.reschedules + t.watch.timersSet - before;
        }),
      );
      t.ok(used <= 5, `twenty turns of waiting took ${used} timers and reschedules, not a few`);
    },
  ),
];

/** The value of `body`, which runs in a scope that is cancelled after it was entered. */
async function inScopeThatIsCancelled(body: () => Promise<number>): Promise<number> {
  const value = await cancelScope((scope) => {
    scope.cancel();
    return body();
  });
  return value ?? NaN;
}
