import { real, should, timeless, unless, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { withConsoleErrors } from "./console-errors.ts";
import { Deferred } from "./deferred.ts";
import { FakeCore } from "./fake-core.ts";
import { inputPulse, keepsPulse, timerPulse, type Pulse } from "./pulse.ts";

/** B10 to B14, asked of the backend itself: when it calls back, in which order and context. */
export const backendTurnCases: readonly Case[] = [
  timeless("B10.1", "reschedule() never calls back synchronously", async (t) => {
    const core = new FakeCore(t.backend);
    await core.run(async (host) => {
      const called = new Deferred<void>();
      t.backend.reschedule(() => {
        t.log.push("callback");
        called.resolve();
      }, host);
      t.log.push("reschedule returned");
      await core.parked(called.promise);
    });
    t.expectLog(["reschedule returned", "callback"]);
  }),
  timeless(
    "B10.2",
    "spawn() neither runs the task's body nor settles the task synchronously",
    async (t) => {
      const core = new FakeCore(t.backend);
      await core.run(async () => {
        const settled = new Deferred<void>();
        t.backend.spawn(
          core.task(
            "child",
            async () => t.log.push("child runs"),
            (event) => {
              if (event !== "child has settled") return;
              t.log.push(event);
              settled.resolve();
            },
          ),
        );
        t.log.push("spawn returned");
        await core.parked(settled.promise);
      });
      t.expectLog(["spawn returned", "child runs", "child has settled"]);
    },
  ),
  real("B10.3", "setTimer() never calls back synchronously", async (t) => {
    const fired = new Deferred<void>();
    t.backend.setTimer(0, () => {
      t.log.push("callback");
      fired.resolve();
    });
    t.log.push("setTimer returned");
    await fired.promise;
    t.expectLog(["setTimer returned", "callback"]);
  }),
  timeless(
    "B10.4",
    "run() neither runs the root task's body nor settles the task synchronously",
    async (t) => {
      const core = new FakeCore(t.backend);
      const root = core.task(
        "root",
        async () => t.log.push("root runs"),
        (event) => {
          if (event === "root has settled") t.log.push(event);
        },
      );
      const running = t.backend.run(root);
      t.log.push("run returned");
      await running;
      t.expectLog(["run returned", "root runs", "root has settled"]);
    },
  ),
  unless(
    ["deterministic"],
    timeless("B11.1", "Callbacks of reschedule() come first in, first out", async (t) => {
      const core = new FakeCore(t.backend);
      await core.run(async (host) => {
        const last = new Deferred<void>();
        for (let index = 0; index < 100; index += 1)
          t.backend.reschedule(() => t.log.push(String(index)), host);
        t.backend.reschedule(last.resolve, host);
        await core.parked(last.promise);
      });
      t.expectLog(Array.from({ length: 100 }, (_, index) => String(index)));
    }),
  ),
  unless(
    ["deterministic"],
    timeless(
      "B11.2",
      "A callback registered by a callback comes after those registered before it",
      async (t) => {
        const core = new FakeCore(t.backend);
        await core.run(async (host) => {
          const last = new Deferred<void>();
          t.backend.reschedule(() => {
            t.log.push("first");
            t.backend.reschedule(() => {
              t.log.push("registered by the first");
              last.resolve();
            }, host);
          }, host);
          t.backend.reschedule(() => t.log.push("second"), host);
          await core.parked(last.promise);
        });
        t.expectLog(["first", "second", "registered by the first"]);
      },
    ),
  ),
  unless(
    ["deterministic"],
    timeless("B11.3", "Spawned tasks start first in, first out", async (t) => {
      const core = new FakeCore(t.backend);
      await core.run(async () => {
        const settled = new Deferred<void>();
        let left = 20;
        for (let index = 0; index < 20; index += 1) {
          const task = core.task(
            String(index),
            async () => {},
            (event) => {
              if (event.endsWith("runs")) t.log.push(event);
              else if (--left === 0) settled.resolve();
            },
          );
          t.backend.spawn(task);
        }
        await core.parked(settled.promise);
      });
      t.expectLog(Array.from({ length: 20 }, (_, index) => `${index} runs`));
    }),
  ),
  timeless("B11.4", "However many callbacks are registered at once, none is lost", async (t) => {
    const core = new FakeCore(t.backend);
    let called = 0;
    await core.run(async (host) => {
      const all = new Deferred<void>();
      for (let index = 0; index < 10_000; index += 1) {
        t.backend.reschedule(() => {
          called += 1;
          if (called === 10_000) all.resolve();
        }, host);
      }
      await core.parked(all.promise);
      await core.reschedule(host);
    });
    t.equal(called, 10_000, "the number of calls");
  }),
  timeless(
    "B12.1",
    "A callback of reschedule() runs in the AsyncLocalStorage context that registered it",
    async (t) => {
      const storage = t.asyncLocalStorage<string>();
      const core = new FakeCore(t.backend);
      await core.run(async (host) => {
        const last = new Deferred<void>();
        for (const name of ["one", "two", "three"]) {
          storage.run(name, () =>
            t.backend.reschedule(() => t.log.push(`${name} sees ${storage.getStore()}`), host),
          );
        }
        t.backend.reschedule(() => {
          t.log.push(`none sees ${storage.getStore()}`);
          last.resolve();
        }, host);
        await core.parked(last.promise);
      });
      t.expectLogInAnyOrder([
        "none sees undefined",
        "one sees one",
        "three sees three",
        "two sees two",
      ]);
    },
  ),
  real(
    "B12.2",
    "A callback of setTimer() runs in the AsyncLocalStorage context that registered it",
    async (t) => {
      const storage = t.asyncLocalStorage<string>();
      const fired = [new Deferred<void>(), new Deferred<void>()];
      for (const [index, name] of ["one", "two"].entries()) {
        storage.run(name, () =>
          t.backend.setTimer(1, () => {
            t.log.push(`${name} sees ${storage.getStore()}`);
            fired[index]?.resolve();
          }),
        );
      }
      await Promise.all(fired.map((one) => one.promise));
      t.expectLogInAnyOrder(["one sees one", "two sees two"]);
    },
  ),
  timeless(
    "B12.3",
    "A callback of reschedule() that was registered by another keeps that one's context",
    async (t) => {
      const storage = t.asyncLocalStorage<string>();
      const core = new FakeCore(t.backend);
      await core.run(async (host) => {
        const last = new Deferred<void>();
        storage.run("other", () => t.backend.reschedule(() => {}, host));
        storage.run("outer", () =>
          t.backend.reschedule(() => {
            t.backend.reschedule(() => {
              t.log.push(String(storage.getStore()));
              last.resolve();
            }, host);
          }, host),
        );
        await core.parked(last.promise);
      });
      t.expectLog(["outer"]);
    },
  ),
  timeless("B13.1", "A callback of reschedule() that throws drops no other", async (t) => {
    t.provokesHostErrors();
    await withThrowingReschedule(t);
    t.takeHostErrors();
    t.expectLogInAnyOrder(["before", "after", "last"]);
  }),
  timeless(
    "B13.2",
    "The error of a callback of reschedule() that throws reaches the host's error reporting",
    async (t) => {
      t.provokesHostErrors();
      const reported = await withConsoleErrors(() => withThrowingReschedule(t));
      t.ok(
        [...reported, ...t.takeHostErrors()].some(mentionsBoom),
        "the error was reported, as an uncaught one or on the console",
      );
    },
  ),
  real(
    "B13.3",
    "A timer's callback that throws drops no other, and the error reaches the host's error reporting",
    async (t) => {
      t.provokesHostErrors();
      const reported = await withConsoleErrors(async () => {
        const fired = new Deferred<void>();
        t.backend.setTimer(1, throwBoom);
        t.backend.setTimer(3, fired.resolve);
        await fired.promise;
        await t.turn();
        await t.turn();
      });
      t.ok(
        [...reported, ...t.takeHostErrors()].some(mentionsBoom),
        "the error was reported, as an uncaught one or on the console",
      );
    },
  ),
  real(
    "B14.1",
    "However often reschedule() is called in a row, timers get through within a few milliseconds",
    async (t) => {
      await letsThrough(t, timerPulse);
    },
  ),
  real(
    "B14.2",
    "However often reschedule() is called in a row, I/O gets through within a few milliseconds",
    async (t) => {
      await letsThrough(t, inputPulse);
    },
  ),
  should(
    real("B14.3", "reschedule() is far cheaper than a timer each", async (t) => {
      const core = new FakeCore(t.backend);
      await core.run(async (host) => {
        const count = 1_000;
        let micros = Infinity;
        // The best of some, because the machine may be busy otherwise.
        for (let attempt = 0; attempt < 5; attempt += 1) {
          const start = performance.now();
          for (let index = 0; index < count; index += 1) await core.reschedule(host);
          micros = Math.min(micros, ((performance.now() - start) * 1_000) / count);
        }
        t.ok(
          micros < 200,
          `one reschedule() takes far less than the 1,100 µs of a timer, not ${micros.toFixed(1)} µs`,
        );
      });
    }),
  ),
];

function throwBoom(): never {
  throw new Error("boom of a callback");
}

function mentionsBoom(value: unknown): boolean {
  return String(value).includes("boom of a callback");
}

async function withThrowingReschedule(t: CaseContext): Promise<void> {
  const core = new FakeCore(t.backend);
  await core.run(async (host) => {
    const last = new Deferred<void>();
    t.backend.reschedule(() => t.log.push("before"), host);
    t.backend.reschedule(throwBoom, host);
    t.backend.reschedule(() => t.log.push("after"), host);
    t.backend.reschedule(() => {
      t.log.push("last");
      last.resolve();
    }, host);
    await core.parked(last.promise);
    await t.turn();
    await t.turn();
  });
}

async function letsThrough(t: CaseContext, pulse: Pulse): Promise<void> {
  const core = new FakeCore(t.backend);
  await core.run((host) => keepsPulse(t, pulse, () => core.reschedule(host)));
}
