import {
  Cancelled,
  CancelScope,
  checkpoint,
  currentEffectiveDeadline,
  failAfter,
  failAt,
  gather,
  moveOnAfter,
  moveOnAt,
  now,
  shield,
  sleep,
  sleepForever,
  sleepUntil,
  throwIfCancelled,
  taskGroup,
} from "@anywhen/core";
import { real, timeless, virtual, type Case, should } from "../case.ts";
import type { CaseContext } from "../case-context.ts";

const hour = 3_600_000;
const hostLimit = 2 ** 31 - 1;

const invalidTimes: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["sleep", () => sleep(Number.NaN)],
  ["sleepUntil", () => sleepUntil(Number.NaN)],
  ["moveOnAfter", () => moveOnAfter(Number.NaN, () => {})],
  ["moveOnAt", () => moveOnAt(Number.NaN, () => {})],
  ["failAfter", () => failAfter(Number.NaN, () => {})],
  ["failAt", () => failAt(Number.NaN, () => {})],
  ["shield", () => shield(() => {}, { timeout: Number.NaN })],
];

const notANumber: readonly Case[] = invalidTimes.map(([name, work], index) =>
  timeless(`C8.${index + 31}`, `${name}() rejects NaN with a RangeError`, async (t) => {
    await t.run(async () => {
      await t.rejects(work, RangeError);
    });
  }),
);

/** Each looks at the cancellation in one of the ways that see a deadline at once. */
const observers: readonly (readonly [string, (t: CaseContext, scope: CancelScope) => unknown])[] = [
  ["checkpoint()", (t) => t.rejects(() => checkpoint(), Cancelled)],
  ["throwIfCancelled()", (t) => t.throws(() => throwIfCancelled(), Cancelled)],
  ["cancelled", (t, scope) => t.equal(scope.cancelled, true)],
  ["cancelCalled", (t, scope) => t.equal(scope.cancelCalled, true)],
  ["currentEffectiveDeadline()", (t) => t.equal(currentEffectiveDeadline(), -Infinity)],
];

const blockedLoop: readonly Case[] = observers.map(([name, look], index) =>
  real(
    `C8.${index + 41}`,
    `After the event loop was blocked past a deadline, ${name} sees it at once`,
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope({ deadline: now() + 5 });
        await scope.run(async () => {
          while (now() <= scope.deadline);
          await look(t, scope);
        });
      });
    },
  ),
);

const others: readonly Case[] = [
  virtual("C8.1", "moveOnAfter() counts from when its body is entered", async (t) => {
    await t.run(async () => {
      await sleep(50);
      const start = now();
      await moveOnAfter(10, () => sleepForever());
      t.equal(now() - start, 10, "the time it took");
    });
  }),
  virtual("C8.2", "A deadline in the past cancels at the first checkpoint", async (t) => {
    await t.run(async () => {
      const value = await moveOnAt(now() - 1, async () => {
        t.log.push("entered");
        await checkpoint();
        t.log.push("unreached");
      });
      t.equal(value, undefined);
    });
    t.expectLog(["entered"]);
  }),
  virtual(
    "C8.3",
    "A body with no checkpoint keeps its value although the deadline is in the past",
    async (t) => {
      await t.run(async () => {
        t.equal(await moveOnAt(now() - 1, () => "kept"), "kept");
      });
    },
  ),
  virtual("C8.4", "A duration of zero or less means now", async (t) => {
    await t.run(async () => {
      const start = now();
      for (const ms of [0, -5, -Infinity]) await moveOnAfter(ms, () => sleepForever());
      await sleep(-5);
      await sleepUntil(start - 5);
      t.equal(now() - start, 0, "the time it took");
    });
  }),
  virtual(
    "C8.5",
    "A deadline moved later before it fired does not fire at the old instant",
    async (t) => {
      await t.run(async () => {
        const start = now();
        const scope = new CancelScope({ deadline: start + 10 });
        await scope.run(async () => {
          scope.deadline = start + 30;
          await sleep(20);
          t.log.push("slept past the old deadline");
          await sleepForever();
        });
        t.equal(now() - start, 30, "the instant of the cancellation");
      });
      t.expectLog(["slept past the old deadline"]);
    },
  ),
  virtual("C8.6", "A deadline moved earlier fires at the new instant", async (t) => {
    await t.run(async () => {
      const start = now();
      const scope = new CancelScope({ deadline: start + hour });
      await scope.run(async () => {
        scope.deadline = start + 10;
        await sleepForever();
      });
      t.equal(now() - start, 10, "the instant of the cancellation");
    });
  }),
  virtual("C8.7", "A deadline may be moved from another task", async (t) => {
    await t.run(async () => {
      const start = now();
      const scope = new CancelScope();
      await gather(
        () => scope.run(() => sleepForever()),
        async () => {
          await sleep(5);
          scope.deadline = start + 12;
        },
      );
      t.equal(now() - start, 12, "the instant of the cancellation");
    });
  }),
  virtual("C8.8", "A deadline set to Infinity never fires", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope({ deadline: now() + 10 });
      await scope.run(async () => {
        scope.deadline = Infinity;
        await sleep(hour);
      });
      t.equal(scope.cancelCalled, false, "cancelCalled");
    });
  }),
  virtual("C8.9", "Moving a deadline after it fired undoes nothing", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope({ deadline: now() + 10 });
      await scope.run(async () => {
        await sleepForever().catch(() => {});
        scope.deadline = Infinity;
        t.equal([scope.cancelled, scope.cancelCalled], [true, true], "[cancelled, cancelCalled]");
        await t.rejects(() => checkpoint(), Cancelled);
      });
    });
  }),
  virtual("C8.10", "A deadline moved into the past cancels the wait in progress", async (t) => {
    await t.run(async () => {
      const start = now();
      const scope = new CancelScope();
      await gather(
        () => scope.run(() => sleepForever()),
        async () => {
          await sleep(5);
          scope.deadline = start;
        },
      );
      t.equal(
        [now() - start, scope.cancelledCaught],
        [5, true],
        "[the instant of the cancellation, cancelledCaught]",
      );
    });
  }),
  virtual(
    "C8.11",
    "A scope that was entered after its deadline had been moved keeps the new one",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope({ deadline: now() + 1 });
        scope.deadline = now() + 20;
        const start = now();
        await scope.run(() => sleepForever());
        t.equal(now() - start, 20, "the instant of the cancellation");
      });
    },
  ),
  virtual("C8.12", "A duration of Infinity means never", async (t) => {
    await t.run(async () => {
      await moveOnAfter(Infinity, async () => {
        t.equal(currentEffectiveDeadline(), Infinity);
        await sleep(hour);
      });
      const start = now();
      await moveOnAfter(hour, () => sleep(Infinity));
      t.equal(now() - start, hour, "sleep(Infinity) ended with its scope only");
    });
  }),
  virtual(
    "C8.13",
    "A finite duration further away than the host's timers reach is kept",
    async (t) => {
      await t.run(async () => {
        const start = now();
        await sleep(hostLimit + 1_000);
        t.equal(now() - start, hostLimit + 1_000, "the time slept");
        await moveOnAfter(3 * hostLimit, () => sleepForever());
        t.equal(now() - start, 4 * hostLimit + 1_000, "the time of the deadline");
      });
    },
  ),
  virtual("C8.14", "The largest finite durations do not fire early", async (t) => {
    await t.run(async () => {
      for (const ms of [2 ** 31, 2 ** 32, 2 ** 53, Number.MAX_VALUE]) {
        const value = await moveOnAfter(ms, async () => {
          await sleep(hour);
          return "in time";
        });
        t.equal(value, "in time", `a deadline ${ms} ms away`);
      }
    });
  }),
  timeless(
    "C8.15",
    "new CancelScope() and the deadline's setter reject NaN with a RangeError",
    async (t) => {
      t.throws(() => new CancelScope({ deadline: Number.NaN }), RangeError, "the constructor");
      const scope = new CancelScope();
      t.throws(() => (scope.deadline = Number.NaN), RangeError, "the setter");
      t.equal(scope.deadline, Infinity, "the deadline after that");
    },
  ),
  virtual(
    "C8.16",
    "Deadlines fire in the order of their instants, whatever the order they were set in",
    async (t) => {
      await t.run(async () => {
        const sleeper = (ms: number) => async () => {
          await moveOnAfter(ms, () => sleepForever());
          t.log.push(String(ms));
        };
        await gather(sleeper(90), sleeper(30), sleeper(60), sleeper(10), sleeper(45));
      });
      t.expectLog(["10", "30", "45", "60", "90"]);
    },
  ),
  should(
    virtual(
      "C8.17",
      "Deadlines of one instant pass in the order in which they were set",
      async (t) => {
        await t.run(() =>
          taskGroup((tg) => {
            const deadline = now() + 10;
            for (const name of ["one", "two", "three", "four"]) {
              tg.startSoon(() =>
                moveOnAt(deadline, (scope) => {
                  scope.signal.addEventListener("abort", () => t.log.push(name));
                  return sleepForever();
                }),
              );
            }
          }),
        );
        t.expectLog(["one", "two", "three", "four"]);
      },
    ),
  ),
];

export const deadlineCases: readonly Case[] = [...others, ...notANumber, ...blockedLoop];
