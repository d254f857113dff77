import {
  type Backend,
  CancelScope,
  cancelScope,
  checkpoint,
  Event,
  moveOnAfter,
  run,
  sleep,
  sleepForever,
  taskGroup,
  TaskGroupError,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { describe, expect, test } from "vitest";
import { counted, type CountedBackend } from "./counted-backend.ts";

const many = 100_000;
const deep = 10_000;

async function failureOf(work: Promise<unknown>): Promise<TaskGroupError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TaskGroupError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** What `program` costs the backend at one size and at eight times that. */
async function growth(
  size: number,
  program: (size: number) => Promise<unknown>,
): Promise<{ small: CountedBackend["counts"]; large: CountedBackend["counts"] }> {
  const measure = async (n: number): Promise<CountedBackend["counts"]> => {
    const { backend, counts } = counted(promiseBackend());
    await run(() => program(n), { backend });
    await turn();
    return counts;
  };
  return { small: await measure(size), large: await measure(8 * size) };
}

/** A live backend disarms a timer that is no longer wanted at the end of the turn. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const onPromises = <T>(main: () => Promise<T>, backend: Backend = promiseBackend()): Promise<T> =>
  run(main, { backend });

describe("100,000 tasks of one group", { timeout: 60_000 }, () => {
  test("all run and end", async () => {
    let ended = 0;
    await onPromises(() =>
      taskGroup((tg) => {
        for (let i = 0; i < many; i++) {
          tg.startSoon(async () => {
            await checkpoint();
            ended++;
          });
        }
      }),
    );
    expect(ended).toBe(many);
  });

  test("may all fail: none of their errors is lost or doubled", async () => {
    const error = await failureOf(
      onPromises(() =>
        taskGroup((tg) => {
          for (let i = 0; i < many; i++) {
            tg.startSoon(() => {
              throw new Error(`failure ${i}`);
            });
          }
        }),
      ),
    );
    expect(error.errors.length).toBe(many);
    expect(new Set(error.leaves()).size).toBe(many);
  });

  test("that wait are all cancelled at once, without a look at the clock", async () => {
    const { backend, counts } = counted(promiseBackend());
    let interrupted = 0;
    const before = await onPromises(async () => {
      let reads = 0;
      await taskGroup(async (tg) => {
        for (let i = 0; i < many; i++) {
          tg.startSoon(() => sleepForever().finally(() => interrupted++));
        }
        await waitAllTasksBlocked();
        reads = counts.clockReads;
        tg.cancel();
      });
      return reads;
    }, backend);
    expect(interrupted).toBe(many);
    expect(counts.clockReads).toBe(before);
  });

  test("that wait for one event all resume, each once", async () => {
    const resumed: number[] = [];
    await onPromises(() =>
      taskGroup(async (tg) => {
        const event = new Event();
        for (let i = 0; i < many; i++) {
          tg.startSoon(async () => {
            await event.wait();
            resumed.push(i);
          });
        }
        await waitAllTasksBlocked();
        event.set();
      }),
    );
    expect(resumed.length).toBe(many);
    expect(new Set(resumed).size).toBe(many);
  });

  test("whose deadlines differ share a handful of host timers", async () => {
    const { backend, counts } = counted(promiseBackend());
    await onPromises(
      () =>
        taskGroup(async (tg) => {
          for (let i = 0; i < many; i++) {
            tg.startSoon(() => moveOnAfter(3_600_000 + (i % 1_000), () => sleepForever()));
          }
          await waitAllTasksBlocked();
          tg.cancel();
        }),
      backend,
    );
    await turn();
    expect(counts.timersSet).toBeLessThan(10);
    expect(counts.timersAlive).toBe(0);
  });

  test("print as a tree of readable length", async () => {
    const errors = Array.from({ length: many }, (_, i) => new Error(`failure ${i}`));
    const error = new TaskGroupError(errors, "many errors");
    expect(String(error.stack).length).toBeLessThan(200_000);
    expect(error.split((leaf) => leaf === errors[7])[0]?.errors).toEqual([errors[7]]);
  });
});

describe("100,000 waits in one task", { timeout: 60_000 }, () => {
  test("are all cancelled at once by their scope", async () => {
    let interrupted = 0;
    await onPromises(async () => {
      await cancelScope(async (scope) => {
        const waits = Array.from({ length: many }, () =>
          sleepForever().catch(() => {
            interrupted++;
          }),
        );
        scope.cancel();
        await Promise.all(waits);
      });
    });
    expect(interrupted).toBe(many);
  });

  test("as sleeps use one host timer at a time", async () => {
    const { backend, counts } = counted(promiseBackend());
    await onPromises(async () => {
      await Promise.all(Array.from({ length: many }, (_, i) => sleep(1 + (i % 3))));
    }, backend);
    await turn();
    expect(counts.timersSet).toBeLessThan(100);
    expect(counts.timersAlive).toBe(0);
  });
});

describe("scopes nested 10,000 deep", { timeout: 60_000 }, () => {
  type Nest = (depth: number, innermost: () => Promise<unknown>) => Promise<unknown>;
  const direct: Nest = (depth, innermost) =>
    depth === 0 ? innermost() : cancelScope(() => direct(depth - 1, innermost));
  const awaiting: Nest = async (depth, innermost) => {
    await checkpoint();
    return depth === 0
      ? await innermost()
      : await cancelScope(async () => await awaiting(depth - 1, innermost));
  };
  const timed: Nest = (depth, innermost) =>
    depth === 0 ? innermost() : moveOnAfter(1e9, () => timed(depth - 1, innermost));
  const groups: Nest = (depth, innermost) =>
    depth === 0 ? innermost() : taskGroup(() => groups(depth - 1, innermost));
  const tasks: Nest = (depth, innermost) =>
    depth === 0
      ? innermost()
      : taskGroup((tg) => tg.startSoon(() => tasks(depth - 1, innermost)).result());

  const nests: readonly { name: string; nest: Nest }[] = [
    { name: "by direct recursion", nest: direct },
    { name: "with awaits between", nest: awaiting },
    { name: "with a deadline each", nest: timed },
    { name: "as groups", nest: groups },
    { name: "as groups of a task each", nest: tasks },
  ];

  test.each(nests)("$name, return the innermost value", async ({ nest }) => {
    expect(await onPromises(() => nest(deep, async () => "innermost"))).toBe("innermost");
  });

  test.each(nests)("$name, are cancelled from the outermost", async ({ nest }) => {
    let interrupted = 0;
    const scope = new CancelScope();
    await onPromises(() =>
      scope.run(() =>
        nest(deep, async () => {
          const wait = sleepForever().finally(() => interrupted++);
          scope.cancel();
          await wait;
        }),
      ),
    );
    expect(interrupted).toBe(1);
    expect(scope.cancelledCaught).toBe(true);
  });

  test("let an error through to the outermost", async () => {
    const boom = new Error("boom");
    const work = onPromises(() => direct(deep, () => Promise.reject(boom)));
    await expect(work).rejects.toBe(boom);
  });

  test("C23: make a checkpoint no dearer", async () => {
    const costs = async (depth: number): Promise<CountedBackend["counts"]> => {
      const { backend, counts } = counted(promiseBackend());
      await run(
        () =>
          timed(depth, async () => {
            counts.clockReads = counts.reschedules = counts.timersSet = 0;
            for (let i = 0; i < 100; i++) await checkpoint();
          }),
        { backend },
      );
      return counts;
    };
    const [shallow, far] = [await costs(1), await costs(deep)];
    expect(far.clockReads).toBeLessThanOrEqual(shallow.clockReads + 2);
    expect(far.reschedules).toBeLessThanOrEqual(shallow.reschedules + 2);
  });
});

describe("groups nested 10,000 deep whose innermost fails", { timeout: 60_000 }, () => {
  const cause = new Error("the one cause");

  function nested(depth: number): TaskGroupError {
    let error = new TaskGroupError([cause], "1 error in a group", ["task-0"]);
    for (let i = 1; i < depth; i++) {
      error = new TaskGroupError([error], "1 error in a group", [`task-${i}`]);
    }
    return error;
  }

  test("reject with a tree whose one leaf is the cause", async () => {
    const nest = (depth: number): Promise<unknown> =>
      depth === 0 ? Promise.reject(cause) : taskGroup(() => nest(depth - 1));
    const error = await failureOf(onPromises(() => nest(1_000)));
    expect(error.leaves()).toEqual([cause]);
  });

  test("have a message that a person can read", async () => {
    const nest = (depth: number): Promise<unknown> =>
      depth === 0 ? Promise.reject(cause) : taskGroup(() => nest(depth - 1));
    const error = await failureOf(onPromises(() => nest(1_000)));
    expect(error.message.length).toBeLessThan(2_000);
  });

  test("leaves() finds the cause", () => {
    expect(nested(deep).leaves()).toEqual([cause]);
  });

  test("split() takes the tree apart", () => {
    const tree = nested(deep);
    expect(tree.split((error) => error === cause)).toEqual([tree, undefined]);
  });

  test("D2: print as a text of bounded length", () => {
    expect(nested(deep).stack?.length).toBeLessThan(5_000_000);
  });

  test("D2: print the cause where a person may still look for it, 100 levels down", () => {
    expect(nested(100).stack).toContain("the one cause");
  });
});

describe("what the backend is asked for", { timeout: 60_000 }, () => {
  test.each([
    {
      name: "checkpoints in a row",
      program: async (n: number): Promise<void> => {
        for (let i = 0; i < n; i++) await checkpoint();
      },
    },
    {
      name: "tasks with a deadline each",
      program: (n: number): Promise<unknown> =>
        taskGroup((tg) => {
          for (let i = 0; i < n; i++) tg.startSoon(() => moveOnAfter(1e6, () => checkpoint()));
        }),
    },
    {
      name: "cancelled waits",
      program: (n: number): Promise<unknown> =>
        taskGroup(async (tg) => {
          for (let i = 0; i < n; i++) tg.startSoon(() => sleepForever());
          await waitAllTasksBlocked();
          tg.cancel();
        }),
    },
    {
      name: "failing tasks",
      program: (n: number): Promise<unknown> =>
        taskGroup((tg) => {
          for (let i = 0; i < n; i++) {
            tg.startSoon(async () => {
              await checkpoint();
              throw new Error("boom");
            });
          }
        }).catch(() => {}),
    },
  ])("grows with the number of $name, not faster", async ({ program }) => {
    const { small, large } = await growth(1_000, program);
    // A long turn of the event loop sends each task through a few more of its turns. [K4]
    const least = Math.max(10, 2 * small.spawned);
    for (const [what, count] of Object.entries(small)) {
      const grown = large[what as keyof typeof large];
      expect(grown, what).toBeLessThanOrEqual(9 * Math.max(count, least));
    }
    expect(large.timersAlive).toBe(0);
    expect(large.settled).toBe(large.spawned);
  });
});
