import { AsyncLocalStorage } from "node:async_hooks";
import { run, sleep, UsageError } from "anywhen";
import {
  animationFrameScheduler,
  asapScheduler,
  asyncScheduler,
  config,
  queueScheduler,
  type SchedulerLike,
  Subscription,
} from "rxjs";
import { TestScheduler } from "rxjs/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { backend, rxjsBackend } from "../src/index.ts";
import { eventually } from "./eventually.ts";
import { uncaughtDuring } from "./uncaught.ts";

afterEach(() => {
  config.onUnhandledError = null;
  vi.useRealTimers();
});

const live = { asyncScheduler, asapScheduler, queueScheduler };

test("the same scheduler gives the same backend, so that all its runs share one queue of timers", () => {
  expect(rxjsBackend()).toBe(backend);
  expect(rxjsBackend({ scheduler: asyncScheduler })).toBe(backend);
  expect(rxjsBackend({ scheduler: asapScheduler })).not.toBe(backend);
});

describe.each(Object.entries(live))("on %s", (_name, scheduler) => {
  const subject = rxjsBackend({ scheduler });

  test("the scheduler's own actions may throw without taking a timer along", async () => {
    await uncaughtDuring(async (errors) => {
      const main = async (): Promise<string> => {
        for (let round = 0; round < 5; round++) {
          setTimeout(() => {
            scheduler.schedule(() => {
              throw new Error("foreign");
            });
          });
          await sleep(1);
        }
        return "went on";
      };
      expect(await run(main, { backend: subject })).toBe("went on");
      await eventually(() => errors.length === 5);
      expect(new Set(errors.map(String))).toEqual(new Set(["Error: foreign"]));
    });
  });

  test("B12 a timer that sets one with the same delay gives each its own async context", async () => {
    const storage = new AsyncLocalStorage<number>();
    const seen: unknown[] = [];
    const set = (count: number): void =>
      void storage.run(count, () =>
        subject.setTimer(1, () => {
          seen.push(storage.getStore());
          if (count < 4) set(count + 1);
        }),
      );
    set(1);
    await eventually(() => seen.length === 4);
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  test("B13 the error of a timer's callback goes to config.onUnhandledError", async () => {
    const errors: unknown[] = [];
    config.onUnhandledError = (error: unknown) => errors.push(error);
    const boom = new Error("boom");
    subject.setTimer(1, () => {
      throw boom;
    });
    await eventually(() => errors.length > 0);
    expect(errors).toEqual([boom]);
  });

  test("B14 timers of no length let others through, however many come in a row", async () => {
    let ticked = false;
    setTimeout(() => (ticked = true), 2);
    for (let count = 0; count < 10_000 && !ticked; count++) {
      await new Promise<void>((resolve) => subject.setTimer(0, resolve));
    }
    expect(ticked).toBe(true);
  });

  test("B15 the clock does not follow the wall clock", async () => {
    const before = subject.now();
    vi.useFakeTimers({ toFake: ["Date"], now: 0 });
    expect(scheduler.now()).toBe(0);
    expect(subject.now() - before).toBeGreaterThanOrEqual(0);
    expect(subject.now() - before).toBeLessThan(60_000);
  });
});

/** Like a scheduler that somebody wrote for a single purpose. */
function custom(schedule: (work: () => void, delay: number) => Subscription): SchedulerLike {
  return {
    now: () => Date.now(),
    schedule(work, delay = 0, state) {
      return schedule(() => work.call({} as never, state as never), delay);
    },
  };
}

describe("any other SchedulerLike", () => {
  test("B10, B15 one that runs everything at once does not call back at once, nor early", async () => {
    const hasty = custom((work) => {
      work();
      return new Subscription();
    });
    const subject = rxjsBackend({ scheduler: hasty });
    const start = subject.now();
    const log: string[] = [];
    subject.setTimer(5, () => log.push("fired"));
    log.push("set");
    await eventually(() => log.length === 2);
    expect(log).toEqual(["set", "fired"]);
    expect(subject.now() - start).toBeGreaterThanOrEqual(5);
  });

  test("one that loses its actions loses no timer", async () => {
    const lossy = custom(() => {
      const action = new Subscription();
      queueMicrotask(() => action.unsubscribe());
      return action;
    });
    expect(
      await run(() => sleep(3).then(() => "woke"), { backend: rxjsBackend({ scheduler: lossy }) }),
    ).toBe("woke");
  });

  test("one that flushes a queue of its own in one go mixes up no async contexts", async () => {
    const queue: (() => void)[] = [];
    const batching = custom((work) => {
      queue.push(work);
      return new Subscription();
    });
    const subject = rxjsBackend({ scheduler: batching });
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    for (const name of ["A", "B"]) {
      storage.run(name, () =>
        subject.setTimer(0, () => seen.push(`${name} sees ${storage.getStore()}`)),
      );
    }
    storage.run("flusher", () => {
      for (const work of queue) work();
    });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual(["A sees A", "B sees B"]);
  });
});

describe("what cannot host tasks is refused with the reason", () => {
  test("animationFrameScheduler", () => {
    expect(() => rxjsBackend({ scheduler: animationFrameScheduler })).toThrow(UsageError);
    expect(() => rxjsBackend({ scheduler: animationFrameScheduler })).toThrow(
      /its turns are the frames of a visible page.*Use asyncScheduler/s,
    );
  });

  test("TestScheduler within its run(), for making a backend and for using one", async () => {
    const scheduler = new TestScheduler(() => {});
    const made = rxjsBackend({ scheduler });
    let refused: Promise<unknown> | undefined;
    scheduler.run(() => {
      expect(() => rxjsBackend({ scheduler })).toThrow(/TestScheduler.run\(\) is synchronous/);
      refused = run(() => 1, { backend: made });
    });
    await expect(refused).rejects.toThrow(/TestScheduler.run\(\) is synchronous/);
    expect(await run(() => 1, { backend: made })).toBe(1);
  });

  test("asyncScheduler while a TestScheduler has taken its place", async () => {
    const scheduler = new TestScheduler(() => {});
    let refused: Promise<unknown> | undefined;
    scheduler.run(() => {
      refused = run(() => sleep(1), { backend });
    });
    await expect(refused).rejects.toThrow(/Use the scheduler outside its run\(\)/);
  });

  test("what is no scheduler", () => {
    for (const scheduler of [null, {}, { now: () => 0 }] as never[]) {
      expect(() => rxjsBackend({ scheduler })).toThrow(/scheduler is a SchedulerLike/);
    }
  });
});

test("a timer armed under a test runner's fake timers ends when they are gone", async () => {
  vi.useFakeTimers();
  const main = run(() => sleep(1).then(() => "woke"), { backend });
  await vi.advanceTimersByTimeAsync(50);
  expect(await main).toBe("woke");
});
