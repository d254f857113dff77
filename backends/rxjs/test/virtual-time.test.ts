import { AsyncLocalStorage } from "node:async_hooks";
import {
  checkpoint,
  configure,
  ContextVar,
  currentScope,
  Event,
  failAfter,
  moveOnAfter,
  now,
  run,
  sleep,
  taskGroup,
  TimeoutError,
} from "anywhen";
import { config, debounceTime, delay, interval, of, Subject, VirtualTimeScheduler } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import { afterEach, describe, expect, test } from "vitest";
import { firstValue, rxjsBackend, toObservable } from "../src/index.ts";
import { eventually } from "./eventually.ts";

afterEach(async () => {
  config.onUnhandledError = null;
  await configure({});
});

const hour = 3_600_000;

function virtual(): { scheduler: VirtualTimeScheduler; backend: ReturnType<typeof rxjsBackend> } {
  const scheduler = new VirtualTimeScheduler();
  return { scheduler, backend: rxjsBackend({ scheduler }) };
}

test("hours pass at once, to the exact millisecond and in order", async () => {
  const { scheduler, backend } = virtual();
  const log: string[] = [];
  const nap = async (name: string, ms: number): Promise<void> => {
    for (let count = 0; count < 3; count++) {
      await sleep(ms);
      log.push(`${name} at ${now()}`);
    }
  };
  await run(
    () =>
      taskGroup((tg) => {
        tg.startSoon(() => nap("a", 10 * hour));
        tg.startSoon(() => nap("b", 15 * hour));
      }),
    { backend },
  );
  const at = (hours: number): string => String(hours * hour);
  expect(log).toEqual([
    `a at ${at(10)}`,
    `b at ${at(15)}`,
    `a at ${at(20)}`,
    `b at ${at(30)}`,
    `a at ${at(30)}`,
    `b at ${at(45)}`,
  ]);
  expect(scheduler.now()).toBe(45 * hour);
});

test("a sleep of years is not cut at the limit of the host's timers", async () => {
  const { backend } = virtual();
  const years = 100 * 365 * 24 * hour;
  expect(await run(() => sleep(years).then(now), { backend })).toBe(years);
  expect(await run(() => moveOnAfter(10, () => sleep(Infinity)), { backend })).toBeUndefined();
});

test("time stands still while a task awaits the host, by whatever hops", async () => {
  const { backend } = virtual();
  const woken: number[] = [];
  const hops = [
    () => new Promise((resolve) => setImmediate(resolve)),
    () => new Promise((resolve) => setTimeout(resolve, 2)),
    async () => {
      for (let count = 0; count < 1_000; count++) await Promise.resolve();
    },
    checkpoint,
  ];
  await run(
    () =>
      taskGroup((tg) => {
        tg.startSoon(() => sleep(1_000));
        tg.startSoon(async () => {
          for (const hop of hops) {
            await hop();
            await sleep(10);
            woken.push(now());
          }
        });
      }),
    { backend },
  );
  expect(woken).toEqual([10, 20, 30, 40]);
});

test("K4 a loop over checkpoints lets the host's timers and I/O through, in no time", async () => {
  const { scheduler, backend } = virtual();
  let ticked = false;
  setTimeout(() => (ticked = true), 2);
  await run(
    async () => {
      for (let count = 0; count < 100_000 && !ticked; count++) await checkpoint();
    },
    { backend },
  );
  expect(ticked).toBe(true);
  expect(scheduler.now()).toBe(0);
});

test("branches of one task each keep their time, although the task counts once", async () => {
  const { backend } = virtual();
  const log: string[] = [];
  const branch = async (name: string, ms: number): Promise<void> => {
    for (let count = 0; count < 2; count++) {
      await sleep(ms);
      for (let hops = 0; hops < 100; hops++) await Promise.resolve();
      log.push(`${name} at ${now()}`);
    }
  };
  await run(() => Promise.all([branch("a", 10), branch("b", 15)]), { backend });
  expect(log).toEqual(["a at 10", "b at 15", "a at 20", "b at 30"]);
});

test("deadlines are virtual too", async () => {
  const { scheduler, backend } = virtual();
  const late = run(() => failAfter(hour, () => sleep(2 * hour)), { backend });
  await expect(late).rejects.toBeInstanceOf(TimeoutError);
  expect(scheduler.now()).toBe(hour);
});

test("operators on the scheduler and async functions share its time", async () => {
  const { scheduler, backend } = virtual();
  const log: string[] = [];
  await run(
    async () => {
      const typed = new Subject<string>();
      typed
        .pipe(debounceTime(300, scheduler))
        .subscribe((text) => log.push(`${text} at ${scheduler.now()}`));
      typed.next("a");
      await sleep(100);
      typed.next("ab");
      await sleep(1_000);
      log.push(`end at ${now()}`);
    },
    { backend },
  );
  expect(log).toEqual(["ab at 400", "end at 1100"]);
});

test("an action that throws is reported, and nothing else that was scheduled is lost", async () => {
  const { scheduler, backend } = virtual();
  const errors: unknown[] = [];
  config.onUnhandledError = (error: unknown) => errors.push(String(error));
  const log: string[] = [];
  await run(
    async () => {
      scheduler.schedule(() => {
        throw new Error("foreign");
      }, 10);
      scheduler.schedule(() => log.push("sibling"), 10);
      await sleep(20);
      log.push(`task at ${now()}`);
    },
    { backend },
  );
  expect(log).toEqual(["sibling", "task at 20"]);
  expect(errors).toEqual(["Error: foreign"]);
});

test("a flush() by hand that fails and drops all actions does not take our timers along", async () => {
  const { scheduler, backend } = virtual();
  const running = run(
    async () => {
      scheduler.schedule(() => {
        throw new Error("foreign");
      }, 5);
      await sleep(20);
      return now();
    },
    { backend },
  );
  await eventually(() => scheduler.actions.length === 2);
  expect(() => scheduler.flush()).toThrow("foreign");
  expect(await running).toBe(20);
});

test("an action that schedules itself for the same instant does not stop the run from going on", async () => {
  const { scheduler, backend } = virtual();
  const ticks = interval(0, scheduler).subscribe();
  await run(
    async () => {
      await firstValue(of("x").pipe(delay(0, scheduler)));
      ticks.unsubscribe();
      await sleep(1);
    },
    { backend },
  );
  expect(scheduler.now()).toBe(1);
});

test("time never goes back, although an action may be scheduled into the past", async () => {
  const { scheduler, backend } = virtual();
  const seen: number[] = [];
  await run(
    async () => {
      await sleep(100);
      scheduler.schedule(() => seen.push(scheduler.now()), -50);
      await sleep(10);
      seen.push(now());
    },
    { backend },
  );
  expect(seen).toEqual([100, 110]);
});

test("time moves for runs only: what is scheduled stays when the last has ended", async () => {
  const { scheduler, backend } = virtual();
  let ticks = 0;
  const ticking = interval(10, scheduler).subscribe(() => ticks++);
  await run(() => sleep(55), { backend });
  for (let count = 0; count < 5; count++) await new Promise((resolve) => setImmediate(resolve));
  expect(ticks).toBe(5);
  expect(scheduler.now()).toBe(55);
  ticking.unsubscribe();
});

test("C24 as the process-wide default it also moves for sleeps outside runs", async () => {
  const { scheduler, backend } = virtual();
  await configure({ backend });
  await sleep(hour);
  expect(scheduler.now()).toBe(hour);
});

test("two wrappers of one backend do not run ahead of each other", async () => {
  const { backend } = virtual();
  const log: string[] = [];
  await Promise.all([
    run(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        log.push(`busy at ${now()}`);
      },
      { backend: { ...backend } },
    ),
    run(() => sleep(10).then(() => log.push(`slept at ${now()}`)), { backend: { ...backend } }),
  ]);
  expect(log).toEqual(["busy at 0", "slept at 10"]);
});

test("B6 actions of the scheduler run in nobody's async context", async () => {
  const { scheduler, backend } = virtual();
  const storage = new AsyncLocalStorage<string>();
  const variable = new ContextVar<string>("variable");
  const seen: unknown[] = [];
  await storage.run("a user", () =>
    run(
      () =>
        variable.run("of a task", async () => {
          scheduler.schedule(() => {
            seen.push(storage.getStore(), variable.get(), currentScope());
          }, 10);
          await sleep(20);
          seen.push(storage.getStore(), variable.get());
        }),
      { backend },
    ),
  );
  expect(seen).toEqual([undefined, undefined, undefined, "a user", "of a task"]);
});

test("the same program takes the same course, as the capability says", async () => {
  const course = async (): Promise<string[]> => {
    const { backend } = virtual();
    const log: string[] = [];
    const go = new Event();
    await run(
      () =>
        taskGroup((tg) => {
          for (let id = 0; id < 5; id++) {
            tg.startSoon(async () => {
              for (let step = 0; step < 40; step++) {
                if (step % 7 === id) await sleep(id);
                await checkpoint();
                log.push(`${id}.${step}`);
              }
              await go.wait();
              log.push(`${id} went`);
            });
          }
          tg.startSoon(() => sleep(100).then(() => go.set()));
        }),
      { backend },
    );
    return log;
  };
  const first = await course();
  // A busy machine must not change it.
  setTimeout(() => {
    const end = performance.now() + 5;
    while (performance.now() < end);
  });
  expect(await course()).toEqual(first);
  expect(virtual().backend.capabilities.deterministic).toBe(true);
});

describe("TestScheduler outside its run()", () => {
  const marbles = (): TestScheduler =>
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected));

  test("checks marbles of what async functions emit", async () => {
    const scheduler = marbles();
    const letters = async function* (): AsyncGenerator<string> {
      await sleep(20);
      yield "a";
      await sleep(30);
      yield "b";
      await sleep(10);
    };
    scheduler.expectObservable(toObservable(letters, { scheduler })).toBe("--a--b|");
    await run(() => sleep(100), { backend: rxjsBackend({ scheduler }) });
    scheduler.flush();
  });

  test("starts hot Observables, and is not held to its 750 frames", async () => {
    const scheduler = marbles();
    const hot = scheduler.createHotObservable("--x--|");
    const seen: string[] = [];
    await run(
      async () => {
        hot.subscribe({
          next: (value) => seen.push(`${value} at ${scheduler.now()}`),
          complete: () => seen.push(`| at ${scheduler.now()}`),
        });
        await sleep(2_000);
      },
      { backend: rxjsBackend({ scheduler }) },
    );
    expect(seen).toEqual(["x at 20", "| at 50"]);
    expect(scheduler.now()).toBe(2_000);
  });

  test("fails when the marbles differ", async () => {
    const scheduler = marbles();
    scheduler.expectObservable(toObservable(() => sleep(20), { scheduler })).toBe("-----|");
    await run(() => sleep(100), { backend: rxjsBackend({ scheduler }) });
    expect(() => scheduler.flush()).toThrow();
  });
});

test("D1 a run that no scheduled action can bring on fails at once", async () => {
  const { scheduler, backend } = virtual();
  const failing = run(
    async () => {
      await sleep(10);
      await new Event().wait();
    },
    { backend },
  );
  await expect(failing).rejects.toMatchObject({ code: "ERR_DEADLOCK" });
  expect(scheduler.now()).toBe(10);
});

test("D1 does not hold for a subscription, which anybody may end", async () => {
  const { scheduler } = virtual();
  const log: string[] = [];
  const subscription = toObservable(() => new Event().wait(), { scheduler }).subscribe({
    error: (error: unknown) => log.push(String(error)),
  });
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
  subscription.unsubscribe();
  expect(log).toEqual([]);
});
