import {
  Cancelled,
  TaskGroupError,
  asCompleted,
  checkpoint,
  gather,
  mapConcurrent,
  moveOnAfter,
  now,
  race,
  shield,
  sleep,
  sleepForever,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";

/** Ends after `ms` milliseconds, also when cancelled before: somebody has to wait for it. */
async function stubborn(ms: number, ended: () => void): Promise<void> {
  await shield(() => sleep(ms));
  ended();
}

function leavesOf(error: unknown): unknown[] {
  return error instanceof TaskGroupError ? error.leaves() : [error];
}

export const helperCases: readonly Case[] = [
  virtual(
    "H1.1",
    "gather() runs all at once and resolves with their results in order",
    async (t) => {
      await t.run(async () => {
        const start = now();
        const results = await gather(
          () => sleep(20).then(() => "slow"),
          () => 5,
          async () => {
            await sleep(10);
            return true;
          },
        );
        t.equal<unknown>(results, ["slow", 5, true]);
        t.equal(now() - start, 20, "the time it took");
      });
    },
  ),
  virtual("H1.2", "gather() settles only after everything it started has ended", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const work = gather(
        () => stubborn(50, () => t.log.push("ended")),
        () => sleep(10).then(() => Promise.reject(boom)),
      );
      t.equal(leavesOf(await t.rejects(work)), [boom], "the errors");
      t.log.push("settled");
    });
    t.expectLog(["ended", "settled"]);
  }),
  virtual("H1.3", "The first failure in gather() cancels the rest", async (t) => {
    await t.run(async () => {
      const work = gather(
        () => sleepForever().finally(() => t.log.push("cancelled")),
        () => sleep(10).then(() => Promise.reject(new Error("boom"))),
      );
      await t.rejects(work);
    });
    t.expectLog(["cancelled"]);
  }),
  virtual(
    "H1.4",
    "race() resolves with the first success, and cancels and awaits the rest",
    async (t) => {
      await t.run(async () => {
        const start = now();
        const value = await race([
          () => stubborn(50, () => t.log.push("loser ended")).then(() => "stubborn"),
          () => sleep(10).then(() => "winner"),
          () => sleep(1_000).then(() => "slower"),
        ]);
        t.equal(value, "winner");
        t.equal(now() - start, 50, "the time until all have ended");
        t.log.push("settled");
      });
      t.expectLog(["loser ended", "settled"]);
    },
  ),
  virtual("H1.5", "race() is not lost by a failure while another may still succeed", async (t) => {
    await t.run(async () => {
      const value = await race([
        () => Promise.reject(new Error("boom")),
        () => sleep(10).then(() => "winner"),
      ]);
      t.equal(value, "winner");
    });
  }),
  virtual("H1.6", "race() that all lose throws a TaskGroupError with every error", async (t) => {
    const one = new Error("one");
    const two = new Error("two");
    await t.run(async () => {
      const work = race([
        () => sleep(10).then(() => Promise.reject(two)),
        () => Promise.reject(one),
      ]);
      const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
      t.equal([...error.errors].sort(byMessage), [one, two], "its errors");
    });
  }),
  virtual("H1.7", "race() drops what losers throw once there is a winner", async (t) => {
    await t.run(async () => {
      const value = await race([
        () => sleep(10).then(() => "winner"),
        () => sleepForever().catch(() => Promise.reject(new Error("late"))),
      ]);
      t.equal(value, "winner");
    });
  }),
  virtual(
    "H1.8",
    "mapConcurrent() resolves with the results in the order of the input",
    async (t) => {
      await t.run(async () => {
        const results = await mapConcurrent([30, 10, 20], async (ms, index) => {
          await sleep(ms);
          t.log.push(String(ms));
          return `${index}:${ms}`;
        });
        t.equal(results, ["0:30", "1:10", "2:20"]);
      });
      t.expectLog(["10", "20", "30"]);
    },
  ),
  virtual(
    "H1.9",
    "mapConcurrent() settles only after everything it started has ended",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = mapConcurrent(["stubborn", "failing"], async (item) => {
          if (item === "stubborn") return stubborn(50, () => t.log.push("ended"));
          await sleep(10);
          throw boom;
        });
        t.equal(leavesOf(await t.rejects(work)), [boom], "the errors");
        t.log.push("settled");
      });
      t.expectLog(["ended", "settled"]);
    },
  ),
  virtual(
    "H1.10",
    "asCompleted() yields handles in the order of completion, failed ones too",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = [
          () => sleep(30).then(() => "slow"),
          () => sleep(10).then(() => "fast"),
          () => sleep(20).then(() => Promise.reject(boom)),
        ];
        for await (const handle of asCompleted(work)) {
          t.log.push(
            handle.state === "failed" ? (handle.error as Error).message : handle.returnValue,
          );
        }
      });
      t.expectLog(["fast", "boom", "slow"]);
    },
  ),
  virtual("H1.11", "Leaving the loop over asCompleted() cancels and awaits the rest", async (t) => {
    await t.run(async () => {
      const start = now();
      const work = [
        () => sleep(10).then(() => t.log.push("first")),
        () => stubborn(50, () => t.log.push("ended")),
        () => sleep(1_000).then(() => t.log.push("slower")),
      ];
      for await (const handle of asCompleted<unknown>(work)) {
        await handle.wait();
        break;
      }
      t.log.push("left the loop");
      t.equal(now() - start, 50, "the time until all have ended");
    });
    t.expectLog(["first", "ended", "left the loop"]);
  }),
  virtual(
    "H1.12",
    "An error in the loop over asCompleted() cancels and awaits the rest, then goes on",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const loop = async (): Promise<void> => {
          const work = [async () => {}, () => stubborn(50, () => t.log.push("ended"))];
          for await (const handle of asCompleted(work)) {
            await handle.wait();
            throw boom;
          }
        };
        t.same(await t.rejects(loop), boom);
      });
      t.expectLog(["ended"]);
    },
  ),
  virtual("H1.13", "asCompleted() runs at most `concurrency` at once", async (t) => {
    await t.run(async () => {
      const busy = new Busy();
      const work = Array.from({ length: 6 }, () => () => busy.during(10));
      for await (const handle of asCompleted(work, { concurrency: 2 })) await handle.wait();
      t.equal(busy.most, 2, "the most that ran at once");
    });
  }),
  virtual(
    "H1.14",
    "Cancelling a helper's caller cancels what it runs and waits for it",
    async (t) => {
      await t.run(async () => {
        const helpers: readonly (() => Promise<unknown>)[] = [
          () => gather(() => stubborn(50, () => t.log.push("gather"))),
          () => race([() => stubborn(50, () => t.log.push("race"))]),
          () => mapConcurrent([1], () => stubborn(50, () => t.log.push("mapConcurrent"))),
        ];
        for (const helper of helpers) {
          await moveOnAfter(10, helper);
          t.log.push("left");
        }
      });
      t.expectLog(["gather", "left", "race", "left", "mapConcurrent", "left"]);
    },
  ),
  virtual(
    "H1.15",
    "Cancelling the caller of a helper that was interrupted passes on Cancelled",
    async (t) => {
      await t.run(async () => {
        await moveOnAfter(10, async () => {
          await t.rejects(() => gather(() => sleepForever()), Cancelled);
        });
        await moveOnAfter(10, async () => {
          await t.rejects(() => race([() => sleepForever()]), Cancelled);
        });
      });
    },
  ),
  virtual(
    "H2.1",
    "mapConcurrent() runs at most `concurrency` calls at once, and that many if it can",
    async (t) => {
      await t.run(async () => {
        const busy = new Busy();
        await mapConcurrent(Array.from({ length: 10 }), () => busy.during(10), { concurrency: 3 });
        t.equal(busy.most, 3, "the most that ran at once");
      });
    },
  ),
  virtual(
    "H2.2",
    "mapConcurrent() takes no item of its input before there is room for it",
    async (t) => {
      let taken = 0;
      function* endless(): Generator<number> {
        for (;;) yield taken++;
      }
      await t.run(async () => {
        let done = 0;
        const work = moveOnAfter(95, () =>
          mapConcurrent(
            endless(),
            async () => {
              t.ok(taken - done <= 4, `it holds ${taken - done} items at a concurrency of 4`);
              await sleep(10);
              done += 1;
            },
            { concurrency: 4 },
          ),
        );
        t.equal(await work, undefined);
        t.equal(done, 36, "the number of calls that ended");
      });
    },
  ),
  virtual("H2.3", "mapConcurrent() takes an async iterable, one item at a time", async (t) => {
    await t.run(async () => {
      async function* numbers(): AsyncGenerator<number> {
        for (let number = 0; number < 5; number += 1) {
          await sleep(10);
          yield number;
        }
      }
      t.equal(
        await mapConcurrent(numbers(), async (number) => number * 2, { concurrency: 2 }),
        [0, 2, 4, 6, 8],
      );
    });
  }),
  timeless(
    "H2.4",
    "An input of mapConcurrent() that throws makes it throw, and what it started ends",
    async (t) => {
      const boom = new Error("boom");
      function* failing(): Generator<number> {
        yield 1;
        throw boom;
      }
      await t.run(async () => {
        const work = mapConcurrent(failing(), () =>
          sleepForever().finally(() => t.log.push("cancelled")),
        );
        t.equal(leavesOf(await t.rejects(work)), [boom], "the errors");
      });
      t.ok(t.log.length <= 1, "the one call was cancelled, if it began at all");
    },
  ),
  timeless("H3.1", "gather() of nothing resolves with an empty tuple", async (t) => {
    await t.run(async () => t.equal<unknown>(await gather(), []));
  }),
  timeless("H3.2", "mapConcurrent() of nothing resolves with an empty array", async (t) => {
    await t.run(async () => t.equal(await mapConcurrent([], () => 1), []));
  }),
  timeless("H3.3", "asCompleted() of nothing ends at once", async (t) => {
    await t.run(async () => {
      for await (const handle of asCompleted([])) t.fail(`the handle of ${handle.name} came`);
      await checkpoint();
    });
  }),
  timeless("H3.4", "race() of nothing is a RangeError", async (t) => {
    await t.run(async () => {
      await t.rejects(() => race([]), RangeError);
    });
  }),
];

/** Counts how many are at work at once. */
class Busy {
  most = 0;
  #now = 0;

  async during(ms: number): Promise<void> {
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    await sleep(ms);
    this.#now -= 1;
  }
}

function byMessage(left: unknown, right: unknown): number {
  return (left as Error).message < (right as Error).message ? -1 : 1;
}
