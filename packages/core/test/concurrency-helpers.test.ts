import {
  asCompleted,
  CancelScope,
  cancelScope,
  checkpoint,
  Event,
  isCancelled,
  mapConcurrent,
  now,
  race,
  run,
  runningTasks,
  sleep,
  sleepForever,
  taskGroup,
  type TaskGroupError,
  type TaskHandle,
  waitAllTasksBlocked,
  withVirtualClock,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import "@anywhen/testing/vitest";
import { describe, expect, test } from "vitest";

const backend = promiseBackend();
const inRun = <T>(main: () => T | PromiseLike<T>): Promise<T> => run(main, { backend });

const boom = new Error("boom");
const fail = (): never => {
  throw boom;
};

async function failureOf(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

async function collect<T>(handles: AsyncIterable<TaskHandle<T>>): Promise<TaskHandle<T>[]> {
  const found = [];
  for await (const handle of handles) found.push(handle);
  return found;
}

describe("asCompleted", () => {
  test("fails when a later one is no function, and leaves nothing running", async () => {
    await inRun(async () => {
      const fns = [() => 1, () => sleepForever(), 5 as never];
      const loop = collect(asCompleted<unknown>(fns, { concurrency: 2 }));
      await expect(loop).rejects.toMatchGroup([TypeError]);
      expect(runningTasks()).toHaveLength(1);
    });
  });

  test("fails when its input throws on the way, and leaves nothing running", async () => {
    await inRun(async () => {
      function* input(): Generator<() => unknown> {
        yield () => 1;
        yield () => sleepForever();
        throw boom;
      }
      const loop = collect(asCompleted(input(), { concurrency: 2 }));
      await expect(loop).rejects.toMatchGroup([boom]);
      expect(runningTasks()).toHaveLength(1);
    });
  });

  test("starts in the order of the input, also where a turn of the event loop comes between", async () => {
    const started: number[] = [];
    const fns = Array.from({ length: 300 }, (_, index) => () => started.push(index));
    // With a virtual clock, one start of 64 waits for a turn.
    await run(() => collect(asCompleted(fns)), { backend: withVirtualClock(promiseBackend()) });
    expect(started).toEqual(Array.from(fns.keys()));
  });

  test("throws on leaving what failed and was never handed out", async () => {
    await inRun(async () => {
      const leave = async (): Promise<void> => {
        for await (const handle of asCompleted([() => 1, fail])) {
          await waitAllTasksBlocked();
          expect(handle.returnValue).toBe(1);
          break;
        }
      };
      await expect(leave()).rejects.toMatchGroup([boom]);
    });
  });

  test("throws on leaving what fails while it unwinds", async () => {
    await inRun(async () => {
      const unwindBadly = (): Promise<never> => sleepForever().finally(fail);
      const leave = async (): Promise<void> => {
        for await (const handle of asCompleted<unknown>([() => 1, unwindBadly])) {
          expect(handle.returnValue).toBe(1);
          break;
        }
      };
      await expect(leave()).rejects.toMatchGroup([boom]);
    });
  });

  test("tells its input when it is left early, and is at its end from then on", async () => {
    await inRun(async () => {
      let closed = false;
      function* input(): Generator<() => number> {
        try {
          for (let i = 0; ; i++) yield () => i;
        } finally {
          closed = true;
        }
      }
      const steps = asCompleted(input(), { concurrency: 1 })[Symbol.asyncIterator]();
      expect((await steps.next()).value.returnValue).toBe(0);
      await steps.return?.();
      expect(closed).toBe(true);
      expect(await steps.next()).toEqual({ done: true, value: undefined });
    });
  });

  test("cancelled while it waits, cancels and awaits its tasks", async () => {
    await inRun(async () => {
      let unwound = false;
      const wait = (): Promise<never> =>
        sleepForever().finally(() => {
          unwound = true;
        });
      await cancelScope(async (scope) => {
        const steps = asCompleted([wait])[Symbol.asyncIterator]();
        const step = steps.next();
        await waitAllTasksBlocked();
        scope.cancel();
        expect(isCancelled(await failureOf(step))).toBe(true);
        expect(unwound).toBe(true);
      });
    });
  });

  test("can be looped over twice, each time from the start", async () => {
    await inRun(async () => {
      const completed = asCompleted([() => "a", () => "b"]);
      for (let i = 0; i < 2; i++) {
        expect((await collect(completed)).map((handle) => handle.returnValue)).toEqual(["a", "b"]);
      }
    });
  });
});

describe("mapConcurrent", () => {
  test("takes a string, by characters", async () => {
    expect(await inRun(() => mapConcurrent("añ🙂", (character) => character))).toEqual([
      "a",
      "ñ",
      "🙂",
    ]);
  });

  test("K4: lets other tasks run between items that never wait", async () => {
    await inRun(() =>
      taskGroup(async (tg) => {
        let others = 0;
        tg.startSoon(async () => {
          for (;;) {
            await checkpoint();
            others++;
          }
        });
        await mapConcurrent(Array(500).keys(), (item) => item, { concurrency: 1 });
        expect(others).toBeGreaterThan(0);
        tg.cancel();
      }),
    );
  });

  test("fails with what an async input throws on the way", async () => {
    async function* input(): AsyncGenerator<number> {
      yield 1;
      await checkpoint();
      throw boom;
    }
    const mapping = inRun(() => mapConcurrent(input(), () => checkpoint()));
    await expect(mapping).rejects.toMatchGroup([boom]);
  });

  test("adds what closing the input throws to what failed", async () => {
    const late = new Error("closing failed");
    const input = {
      *[Symbol.iterator](): Generator<number> {
        try {
          yield 1;
          yield 2;
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- this is what is tested
          throw late;
        }
      },
    };
    const error = await failureOf(inRun(() => mapConcurrent(input, fail, { concurrency: 1 })));
    expect((error as TaskGroupError).errors).toEqual([boom, late]);
  });

  test("throws what closing the input throws when it was cancelled", async () => {
    const input = {
      *[Symbol.iterator](): Generator<number> {
        try {
          for (;;) yield 1;
        } finally {
          // oxlint-disable-next-line no-unsafe-finally -- this is what is tested
          throw boom;
        }
      },
    };
    const scope = new CancelScope();
    const work = inRun(() =>
      scope.run(() =>
        mapConcurrent(
          input,
          () => {
            scope.cancel();
            return checkpoint();
          },
          { concurrency: 1 },
        ),
      ),
    );
    expect(await failureOf(work)).toBe(boom);
  });

  test("cancelled while an input never answers, does not wait for it", async () => {
    await inRun(async () => {
      const asked = new Event();
      const input = {
        [Symbol.asyncIterator]: (): AsyncIterator<number> => ({
          next: () => {
            asked.set();
            return new Promise<never>(() => {});
          },
          return: () => Promise.reject(boom),
        }),
      };
      await cancelScope(async (scope) => {
        const work = mapConcurrent(input, () => 1, { concurrency: 2 });
        await asked.wait();
        scope.cancel();
        expect(isCancelled(await failureOf(work))).toBe(true);
      });
    });
  });

  test("leaves its tasks as busy as they are, whoever pulls the input and whoever closes it", async () => {
    const inVirtualTime = <T>(main: () => Promise<T>): Promise<T> =>
      run(main, { backend: withVirtualClock(promiseBackend()) });
    async function* numbers(count: number): AsyncGenerator<number> {
      for (let number = 0; number < count; number++) {
        // One of two waits is left over, and ends while another task pulls.
        await Promise.race([sleep(5), sleep(7)]);
        yield number;
      }
    }
    await inVirtualTime(async () => {
      const stops: number[] = [];
      await mapConcurrent(
        numbers(3),
        async () => {
          await sleep(1);
          const before = now();
          // Whoever awaits a foreign promise holds the clock.
          for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next));
          stops.push(now() - before);
        },
        { concurrency: 2 },
      );
      // The last one has a left over wait of its own, by which it waits as well.
      expect(stops.slice(0, 2)).toEqual([0, 0]);
    });
    await inVirtualTime(async () => {
      const failsLater = async (number: number): Promise<void> => {
        await sleep(1);
        if (number === 1) fail();
      };
      const failing = mapConcurrent(numbers(Infinity), failsLater, { concurrency: 2 });
      await expect(failing).rejects.toMatchGroup([boom]);
      const before = now();
      await sleep(100);
      expect(now() - before).toBe(100);
    });
  });
});

describe("race", () => {
  test("takes any iterable, once", async () => {
    function* entrants(): Generator<() => Promise<string>> {
      yield () => sleepForever();
      yield async () => "winner";
    }
    expect(await inRun(() => race(entrants()))).toBe("winner");
  });

  test("names the entrants in the error of a race that all lost", async () => {
    const lost = inRun(() => race([fail, async () => fail()]));
    await expect(lost).rejects.toMatchGroup([boom, boom], { message: /"fail"/ });
  });

  test("a loser may fail while it unwinds: there is a winner all the same", async () => {
    const sore = (): Promise<never> => sleepForever().finally(fail);
    expect(await inRun(() => race<unknown>([sore, async () => "winner"]))).toBe("winner");
  });
});

test("H1: helpers work outside every task of a group, and leave nothing running", async () => {
  await inRun(() =>
    taskGroup(async () => {
      await race([async () => 1]);
      await mapConcurrent([1, 2], (item) => item);
      await collect(asCompleted([() => 1]));
      expect(runningTasks()).toHaveLength(1);
    }),
  );
});
