import { simulate } from "@anywhen/testing";
import {
  checkpoint,
  DeadlockError,
  Event,
  Lock,
  now,
  run,
  sleep,
  sleepForever,
  taskGroup,
  TimeoutError,
  failAfter,
} from "anywhen";
import { describe, expect, test, vi } from "vitest";
import { failureOf } from "./failure-of.ts";

const names = ["ann", "ben", "cleo", "dan"];

/** In which order four tasks that wait for one event go on. */
async function race(): Promise<string> {
  const start = new Event();
  const order: string[] = [];
  await taskGroup(async (tg) => {
    for (const name of names) {
      tg.startSoon(async () => (await start.wait(), order.push(name)), { name });
    }
    await sleep(1);
    start.set();
  });
  return order.join();
}

const boom = new Error("boom");

async function fails(): Promise<void> {
  await taskGroup((tg) => {
    tg.startSoon(() => sleep(1), { name: "bystander" });
  });
  throw boom;
}

describe("simulate()", () => {
  test("gives the same run for the same seed", async () => {
    const first = await simulate(race, { seed: 7 });
    expect(await simulate(race, { seed: 7 })).toEqual(first);
    expect(first.steps.length).toBeGreaterThan(10);
  });

  test("reaches each of the 24 orders in which four tasks may be resumed", async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 300; seed++) orders.add((await simulate(race, { seed })).value);
    expect(orders.size).toBe(24);
  });

  test("replays a run from its schedule", async () => {
    const { schedule, steps, value } = await simulate(race, { seed: 11 });
    expect(await simulate(race, { schedule })).toEqual({
      value,
      seed: undefined,
      schedule,
      steps,
      time: 1,
    });
  });

  test("takes the default order, that of a live backend, past the end of a schedule", async () => {
    const { value, schedule } = await simulate(race, { schedule: "0" });
    expect(value).toBe(names.join());
    expect(schedule).toBe("0");
    expect(await run(race)).toBe(value);
  });

  test("counts a choice that is not there around the queue", async () => {
    const { schedule } = await simulate(race, { schedule: [4, 5, 3, 100] });
    expect(schedule).toBe("021");
  });

  test("K5: has a task that gave way go on after those that were resumed before", async () => {
    const program = async (): Promise<string> => {
      const log: string[] = [];
      const start = new Event();
      await taskGroup(async (tg) => {
        for (const name of names) tg.startSoon(async () => (await start.wait(), log.push(name)));
        await sleep(1);
        start.set();
        await checkpoint();
        log.push("checkpoint");
      });
      return log.at(-1) ?? "";
    };
    for (let seed = 0; seed < 100; seed++) {
      expect((await simulate(program, { seed })).value).toBe("checkpoint");
    }
  });

  test("K5: also where what resumed them was the last that a turn had room for [K4]", async () => {
    const after = (passes: number) => async (): Promise<string> => {
      const log: string[] = [];
      const start = new Event();
      const past = new Event();
      past.set();
      await taskGroup(async (tg) => {
        for (const name of names) tg.startSoon(async () => (await start.wait(), log.push(name)));
        await sleep(1);
        for (let pass = 0; pass < passes; pass++) await past.wait();
        start.set();
        await checkpoint();
        log.push("checkpoint");
      });
      return log.at(-1) ?? "";
    };
    for (let passes = 0; passes < 64; passes++) {
      for (let seed = 0; seed < 10; seed++) {
        expect((await simulate(after(passes), { seed })).value, `${passes} passes`).toBe(
          "checkpoint",
        );
      }
    }
  });

  test("K4: has a loop of steps that do not wait, and of hand-overs, let others run", async () => {
    const program = async (): Promise<number> => {
      let stop = false;
      let rounds = 0;
      const past = new Event();
      past.set();
      await taskGroup(async (tg) => {
        tg.startSoon(() => (stop = true));
        while (!stop && rounds < 10_000) {
          rounds++;
          await past.wait();
          const next = new Event();
          void next.wait();
          next.set();
        }
      });
      return rounds;
    };
    expect((await simulate(program, { seed: 1 })).value).toBeLessThan(1_000);
  });

  test("works under a test runner's fake timers", async () => {
    vi.useFakeTimers();
    try {
      expect(await simulate(() => sleep(5), { seed: 1 })).toMatchObject({ time: 5 });
    } finally {
      vi.useRealTimers();
    }
  });

  test("lets hours pass at once", async () => {
    const program = async (): Promise<number> => {
      await sleep(3_600_000);
      return now();
    };
    expect(await simulate(program)).toMatchObject({ value: 3_600_000, time: 3_600_000 });
  });

  test("tells the steps in words", async () => {
    const program = async (): Promise<void> => {
      const lock = new Lock({ name: "db" });
      await taskGroup((tg) => {
        tg.startSoon(() => lock.use(() => sleep(5)), { name: "ann" });
        const ben = tg.startSoon(() => lock.use(() => checkpoint()), { name: "ben" });
        tg.startSoon(() => ben.cancel(), { name: "cleo" });
      });
    };
    expect((await simulate(program, { schedule: "01" })).steps).toEqual([
      "start program",
      "start ann",
      "start cleo, ahead of: start ben",
      "start ben",
      "it is 5 ms",
      "resume ann (its time has come)",
      "resume program",
    ]);
    expect((await simulate(program, { schedule: "0" })).steps).toContain(
      'resume ben (cancelled while it waited for Lock "db" held by task "ann")',
    );
  });

  test("makes as many runs as it is told to, with seeds counted up", async () => {
    let runs = 0;
    const { seed } = await simulate(() => ++runs, { seed: 5, runs: 10 });
    expect([runs, seed]).toEqual([10, 14]);
  });

  test("stops at the first run that fails, with its seed", async () => {
    let runs = 0;
    const program = (): void => {
      if (++runs >= 3) throw boom;
    };
    const failure = await failureOf(simulate(program, { seed: 5, runs: 10 }));
    expect(failure).toMatchObject({ seed: 7, cause: boom });
    expect(failure.message).toContain("in run 3 of 10 (seed 7)");
  });

  test("finds a failure in the last of several runs as well", async () => {
    let runs = 0;
    const program = (): void => {
      if (++runs >= 3) throw boom;
    };
    expect(await failureOf(simulate(program, { seed: 5, runs: 3 }))).toMatchObject({ seed: 7 });
  });

  test("waits for a promise of the outside, and lets no time pass meanwhile", async () => {
    const log: string[] = [];
    const program = (): Promise<unknown> =>
      taskGroup((tg) => {
        tg.startSoon(async () => {
          for (let turn = 0; turn < 5; turn++) await new Promise((next) => setImmediate(next));
          log.push("read");
        });
        tg.startSoon(() => sleep(1).then(() => log.push("slept")));
      });
    await simulate(program, { seed: 1 });
    expect(log).toEqual(["read", "slept"]);
  });

  test("keeps deadlines", async () => {
    const program = (): Promise<void> => failAfter(10, () => sleep(20));
    const failure = await failureOf(simulate(program, { seed: 1 }));
    expect(failure.cause).toBeInstanceOf(TimeoutError);
    expect(failure.time).toBe(10);
  });
});

describe("a failure of simulate()", () => {
  test("carries the seed, the schedule, the steps and the very error", async () => {
    const failure = await failureOf(simulate(fails, { seed: 3 }));
    expect(failure.cause).toBe(boom);
    expect(failure).toMatchObject({ code: "ERR_SIMULATION", seed: 3, schedule: "0", time: 1 });
    expect(failure.message).toBe(
      [
        "main fails (seed 3):",
        "  Error: boom",
        "Replay it with simulate(main, { seed: 3 }).",
        "    1. start fails",
        "    2. start bystander",
        "    3. it is 1 ms",
        "    4. resume bystander (its time has come)",
        "    5. resume fails",
      ].join("\n"),
    );
  });

  test("says how to replay a schedule that was given", async () => {
    const failure = await failureOf(simulate(fails, { schedule: "0" }));
    expect(failure.message).toContain('Replay it with simulate(main, { schedule: "0" }).');
    expect(failure.seed).toBeUndefined();
  });

  test("leaves out the middle of a long schedule, which error.steps has", async () => {
    const program = async (): Promise<void> => {
      for (let round = 0; round < 50; round++) await checkpoint();
      throw boom;
    };
    const failure = await failureOf(simulate(program));
    expect(failure.steps).toHaveLength(101);
    expect(failure.message).toContain("… 41 steps, see error.steps");
    expect(failure.message).toContain("101. resume program");
  });

  test("tells what is thrown, be it no error", async () => {
    const failure = await failureOf(simulate(() => Promise.reject("nothing")));
    expect(failure.cause).toBe("nothing");
    expect(failure.message).toContain("  nothing");
  });

  test("D1: is a DeadlockError where nobody can go on", async () => {
    const failure = await failureOf(simulate(() => sleepForever(), { seed: 1 }));
    expect(failure.cause).toBeInstanceOf(DeadlockError);
    expect(failure.steps).toContain("nobody can go on: the run is cancelled");
  });

  test("names the tasks where a promise that never settles holds the clock", async () => {
    const program = (): Promise<never> => new Promise(() => {});
    const failure = await failureOf(simulate(program, { patience: 1 }));
    expect(failure.cause).toBeInstanceOf(DeadlockError);
    expect(String(failure.cause)).toContain('(alive: "program")');
  });

  test("comes after maxSteps where a program never ends", async () => {
    const program = async (): Promise<never> => {
      for (;;) await checkpoint();
    };
    const failure = await failureOf(simulate(program, { maxSteps: 20 }));
    expect(String(failure.cause)).toContain("had not ended after 20 steps");
    expect(failure.steps).toHaveLength(20);
  });
});

describe("simulate() refuses", () => {
  test.each([
    [{ seed: 0.5 }, RangeError, "seed is an integer, got 0.5"],
    [{ runs: 0 }, RangeError, "runs is a positive integer, got 0"],
    [{ schedule: "01?" }, RangeError, "from character 3 on"],
    [{ schedule: [-1] }, RangeError, "a choice is 0 or a positive integer, got -1"],
    [{ schedule: 5 as never }, TypeError, "schedule is a text"],
    [{ schedule: "0", seed: 1 }, TypeError, "without seed and runs"],
    [{ maxSteps: 0 }, RangeError, "maxSteps is a positive number, got 0"],
    [{ patience: Number.NaN }, RangeError, "patience is a positive number, got NaN"],
  ])("%o", async (options, kind, message) => {
    const refused = simulate(race, options);
    await expect(refused).rejects.toThrow(kind);
    await expect(refused).rejects.toThrow(message);
  });

  test("what is no function", async () => {
    await expect(simulate(5 as never)).rejects.toThrow("takes a function to run, got number");
  });
});
