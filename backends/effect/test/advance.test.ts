import {
  checkpoint,
  currentBackend,
  failAfter,
  moveOnAfter,
  now,
  run,
  sleep,
  sleepForever,
  taskGroup,
  UsageError,
} from "@anywhen/core";
import { Cause, Clock, Context, Effect, Exit, Fiber, Logger, Queue } from "effect";
import { TestClock } from "effect/testing";
import { describe, expect, test } from "vitest";
import { advance, effectBackend, fromEffect, toEffect } from "../src/index.ts";
import { onTestClock } from "./test-clock.ts";

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const timeout = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

function liveClock(): Omit<Clock.Clock, never> {
  const live = Context.get(Context.empty(), Clock.Clock);
  return {
    currentTimeMillis: live.currentTimeMillis,
    currentTimeMillisUnsafe: () => live.currentTimeMillisUnsafe(),
    currentTimeNanos: live.currentTimeNanos,
    currentTimeNanosUnsafe: () => live.currentTimeNanosUnsafe(),
    monotonicTimeNanos: live.monotonicTimeNanos,
    monotonicTimeNanosUnsafe: () => live.monotonicTimeNanosUnsafe(),
    sleep: (duration) => live.sleep(duration),
  };
}

/** What a function may do between two sleeps without any time passing. */
const pauses: Record<string, () => Promise<unknown>> = {
  nothing: async () => {},
  "50 checkpoints": async () => {
    for (let count = 0; count < 50; count++) await checkpoint();
  },
  "5000 promises": async () => {
    for (let count = 0; count < 5000; count++) await Promise.resolve();
  },
  "a setImmediate": immediate,
  "three of them": async () => {
    for (let count = 0; count < 3; count++) await immediate();
  },
  "a real setTimeout": timeout,
  "an effect of its own runtime": () => Effect.runPromise(Effect.yieldNow),
  "an effect that yields": () => fromEffect(Effect.yieldNow),
  "an effect that yields often": () => fromEffect(Effect.repeat(Effect.yieldNow, { times: 20 })),
  "an effect with an async function": () => fromEffect(toEffect(immediate)),
  "a group of tasks": () =>
    taskGroup(async (tg) => {
      for (let count = 0; count < 3; count++) tg.startSoon(immediate);
    }),
};

/** Notes the virtual time after each of five sleeps of 10 ms, with a pause after each. */
function fiveSleeps(pause: () => Promise<unknown>): { at: number[]; main(): Promise<void> } {
  const at: number[] = [];
  return {
    at,
    async main() {
      const start = now();
      for (let count = 0; count < 5; count++) {
        await sleep(10);
        await pause();
        at.push(now() - start);
      }
    },
  };
}

describe("advance()", () => {
  test.each(Object.entries(pauses))(
    "loses no time over %s between two sleeps",
    async (_, pause) => {
      const { at, main } = fiveSleeps(pause);
      await onTestClock(
        Effect.gen(function* () {
          yield* Effect.forkChild(toEffect(main));
          yield* advance(50);
        }),
      );
      expect(at).toEqual([10, 20, 30, 40, 50]);
    },
  );

  test("TestClock.adjust() alone does lose it: that is what advance() is for", async () => {
    const { at, main } = fiveSleeps(immediate);
    await onTestClock(
      Effect.gen(function* () {
        yield* Effect.forkChild(toEffect(main));
        yield* TestClock.adjust(50);
      }),
    );
    expect(at).not.toEqual([10, 20, 30, 40, 50]);
  });

  test("hours of sleeps, deadlines and timeouts pass at their instants, in no time", async () => {
    const log: string[] = [];
    const note = (what: string, start: number): void =>
      void log.push(`${what} at ${now() - start}`);
    const before = performance.now();
    await onTestClock(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(
          toEffect(() =>
            taskGroup(async (tg) => {
              const start = now();
              tg.startSoon(async () => {
                await sleep(60_000);
                note("a minute", start);
              });
              tg.startSoon(async () => {
                await moveOnAfter(3_600_000, sleepForever);
                note("deadline", start);
              });
              tg.startSoon(async () => {
                await failAfter(1_000, sleepForever).catch(() => {});
                note("timeout", start);
              });
            }),
          ),
        );
        yield* advance("30 seconds");
        log.push("-- 30 s");
        yield* advance("2 hours");
        yield* Fiber.join(fiber);
      }),
    );
    expect(log).toEqual(["timeout at 1000", "-- 30 s", "a minute at 60000", "deadline at 3600000"]);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test("loses no time in a task with several branches, some of which wait while another works", async () => {
    const log: string[] = [];
    await onTestClock(
      Effect.gen(function* () {
        yield* Effect.forkChild(
          toEffect(() =>
            Promise.all(
              [10, 15].map(async (step) => {
                for (let count = 0; count < 3; count++) {
                  await sleep(step);
                  for (let hop = 0; hop < 100; hop++) await checkpoint();
                  log.push(`${step}: ${now()}`);
                }
              }),
            ),
          ),
        );
        yield* advance(60);
      }),
    );
    expect(log.toSorted()).toEqual(["10: 10", "10: 20", "10: 30", "15: 15", "15: 30", "15: 45"]);
  });

  test("ends exactly at its instant, and what is due then has run", async () => {
    const log: number[] = [];
    const time = await onTestClock(
      Effect.gen(function* () {
        yield* Effect.forkChild(
          toEffect(async () => {
            for (;;) {
              await sleep(7);
              await immediate();
              log.push(now());
            }
          }),
        );
        yield* advance(21);
        yield* advance("500 micros");
        return yield* Clock.monotonicTimeNanos;
      }),
    );
    expect(log).toEqual([7, 14, 21]);
    expect(time).toBe(21_500_000n);
  });

  test("sleeps of effects and of async functions keep their common order", async () => {
    const log: string[] = [];
    await onTestClock(
      Effect.gen(function* () {
        yield* Effect.forkChild(
          toEffect(() =>
            taskGroup(async (tg) => {
              tg.startSoon(async () => {
                for (const at of [10, 20, 30]) {
                  await sleep(10);
                  log.push(`sleep ${at}`);
                }
              });
              tg.startSoon(async () => {
                for (const at of [5, 15, 25]) {
                  await fromEffect(Effect.sleep(at === 5 ? 5 : 10));
                  log.push(`effect ${at}`);
                }
              });
            }),
          ),
        );
        yield* advance(30);
      }),
    );
    expect(log).toEqual(["effect 5", "sleep 10", "effect 15", "sleep 20", "effect 25", "sleep 30"]);
  });

  test("an effect that waits for another task does not hold the clock", async () => {
    const items = await onTestClock(
      Effect.gen(function* () {
        const queue = yield* Queue.unbounded<number>();
        const fiber = yield* Effect.forkChild(
          toEffect(() =>
            taskGroup(async (tg) => {
              tg.startSoon(async () => {
                await sleep(1_000);
                await fromEffect(Queue.offer(queue, now()));
              });
              return fromEffect(Queue.take(queue));
            }),
          ),
        );
        yield* advance("1 second");
        return yield* Fiber.join(fiber);
      }),
    );
    expect(items).toBe(1_000);
  });

  test("a task that awaits the outside holds the clock, and after a while that is said", async () => {
    const messages: unknown[] = [];
    const logger = Logger.make(({ message }) => void messages.push(message));
    const { at, main } = fiveSleeps(() => new Promise((resolve) => setTimeout(resolve, 250)));
    await onTestClock(
      Effect.gen(function* () {
        yield* Effect.forkChild(toEffect(main));
        yield* Effect.forkChild(
          toEffect(() => new Promise((resolve) => setTimeout(resolve, 1_200))),
        );
        yield* advance(50);
      }).pipe(Effect.provide(Logger.layer([logger]))),
    );
    expect(at).toEqual([10, 20, 30, 40, 50]);
    expect(String(messages)).toContain("advance() waits for a task");
  });

  test("can be interrupted while it waits", async () => {
    const result = await onTestClock(
      Effect.gen(function* () {
        let answer = (): void => {};
        yield* Effect.forkChild(
          toEffect(
            () =>
              new Promise<void>((resolve) => {
                answer = resolve;
              }),
          ),
        );
        const advancing = yield* Effect.forkChild(advance("1 second"));
        yield* TestClock.withLive(Effect.sleep(20));
        yield* Fiber.interrupt(advancing);
        answer();
        return advancing.pollUnsafe();
      }),
    );
    expect(result?._tag).toBe("Failure");
  }, 2_000);

  test("sees the runs on every backend that is on the clock", async () => {
    const { at, main } = fiveSleeps(immediate);
    await onTestClock(
      Effect.gen(function* () {
        const context = yield* Effect.context();
        const backend = effectBackend({ context });
        expect(backend.capabilities.virtualTime).toBe(true);
        const running = run(main, { backend });
        yield* advance(50);
        yield* Effect.promise(() => running);
      }),
    );
    expect(at).toEqual([10, 20, 30, 40, 50]);
  });

  test("without a test clock it dies and says what is missing", async () => {
    const exit = await Effect.runPromiseExit(advance(1));
    const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined;
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain("TestClock.layer()");
  });
});

describe("TestClock.adjust()", () => {
  test.each(Array.from({ length: 20 }, (_, attempt) => attempt + 1))(
    "drives the sleeps of a function that awaits only anywhen, however busy the host is (%i)",
    async () => {
      const { at, main } = fiveSleeps(async () => {
        for (let count = 0; count < 50; count++) await checkpoint();
      });
      await onTestClock(
        Effect.gen(function* () {
          yield* Effect.forkChild(toEffect(main));
          yield* TestClock.adjust(50);
        }),
      );
      expect(at).toEqual([10, 20, 30, 40, 50]);
    },
  );

  test("K4 an endless loop over checkpoints lets the test go on", async () => {
    await onTestClock(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(
          toEffect(() =>
            moveOnAfter(10, async () => {
              for (;;) await checkpoint();
            }),
          ),
        );
        yield* TestClock.adjust(10);
        yield* Fiber.join(fiber);
      }),
    );
  });

  test("drives deadlines", async () => {
    const { at, main } = fiveSleeps(() => moveOnAfter(0, sleepForever));
    await onTestClock(
      Effect.gen(function* () {
        yield* Effect.forkChild(toEffect(main));
        yield* TestClock.adjust(50);
      }),
    );
    expect(at).toEqual([10, 20, 30, 40, 50]);
  });

  test("a wall clock that is set back moves no deadline", async () => {
    const log: string[] = [];
    await onTestClock(
      Effect.gen(function* () {
        yield* TestClock.adjust("1 hour");
        yield* Effect.forkChild(
          toEffect(async () => {
            const start = now();
            await moveOnAfter(1_000, sleepForever);
            log.push(`moved on after ${now() - start}`);
          }),
        );
        yield* advance(400);
        yield* TestClock.setTime(0);
        yield* advance(599);
        log.push("599 ms later");
        yield* TestClock.adjust("1 hour");
      }),
    );
    expect(log[0]).toBe("599 ms later");
  });
});

describe("a clock of one's own", () => {
  test("B10 whose sleeps are over at once fires no timer while it is being set", async () => {
    const instant = { ...liveClock(), sleep: () => Effect.void };
    const context = Context.make(Clock.Clock, instant) as Context.Context<never>;
    const log: string[] = [];
    await new Promise<void>((resolve) => {
      effectBackend({ context }).setTimer(5, () => {
        log.push("fired");
        resolve();
      });
      log.push("set");
    });
    expect(log).toEqual(["set", "fired"]);
  });

  test("is the time of tasks below it", async () => {
    const live = liveClock();
    const twiceAsFast: Clock.Clock = {
      ...live,
      monotonicTimeNanosUnsafe: () => live.monotonicTimeNanosUnsafe() * 2n,
      sleep: (duration) => Effect.suspend(() => live.sleep(duration)).pipe(Effect.asVoid),
    };
    const elapsed = await Effect.runPromise(
      toEffect(async () => {
        expect(currentBackend().capabilities.virtualTime).toBe(false);
        const start = now();
        await sleep(20);
        return now() - start;
      }).pipe(Effect.provideService(Clock.Clock, twiceAsFast)),
    );
    expect(elapsed).toBeGreaterThanOrEqual(20);
  });
});
