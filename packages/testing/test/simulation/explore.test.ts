import { explore, simulate } from "@anywhen/testing";
import { checkpoint, gather, Lock, taskGroup } from "anywhen";
import { describe, expect, test } from "vitest";
import { failureOf } from "./failure-of.ts";
import { lostUpdate } from "./bugs/lost-update.ts";

async function threeIncrements(): Promise<void> {
  const lock = new Lock();
  let count = 0;
  const increment = (): Promise<void> =>
    lock.use(async () => {
      const before = count;
      await checkpoint();
      count = before + 1;
    });
  await gather(increment, increment, increment);
  expect(count).toBe(3);
}

/** Two tasks, one choice. */
async function twoTasks(): Promise<string> {
  let order = "";
  await taskGroup((tg) => {
    tg.startSoon(() => void (order += "a"));
    tg.startSoon(() => void (order += "b"));
  });
  return order;
}

describe("explore()", () => {
  test("tells how many runs it has made, and how many schedules they had", async () => {
    const explored = await explore(threeIncrements, { runs: 500, seed: 1 });
    expect(explored).toMatchObject({ runs: 500, seed: 1, complete: false });
    expect(explored.schedules).toBeGreaterThan(50);
    expect(explored.schedules).toBeLessThanOrEqual(84);
  });

  test("makes 1,000 runs if nobody says how many", async () => {
    expect(await explore(twoTasks)).toMatchObject({ runs: 1_000, schedules: 2 });
  });

  test("tries every schedule of a small program once, systematically", async () => {
    const orders: string[] = [];
    const program = async (): Promise<void> => void orders.push(await twoTasks());
    const explored = await explore(program, { systematic: true });
    expect(explored).toEqual({ runs: 2, schedules: 2, seed: undefined, complete: true });
    expect(orders).toEqual(["ab", "ba"]);
  });

  test("is incomplete where systematic runs were too few", async () => {
    const explored = await explore(threeIncrements, { systematic: true, runs: 83 });
    expect(explored).toMatchObject({ runs: 83, complete: false });
    expect(await explore(threeIncrements, { systematic: true, runs: 84 })).toMatchObject({
      complete: true,
    });
  });

  test("finds a failure systematically, with a schedule and no seed", async () => {
    const failure = await failureOf(explore(lostUpdate, { systematic: true }));
    expect(failure.seed).toBeUndefined();
    expect(await failureOf(simulate(lostUpdate, { schedule: failure.schedule }))).toMatchObject({
      cause: failure.cause,
    });
  });

  test("tells in which run it was found, and how to replay it as it is and shrunk", async () => {
    const failure = await failureOf(explore(lostUpdate, { seed: 1, runs: 50 }));
    expect(failure.message.split("\n").slice(0, 5)).toEqual([
      "main fails in run 6 of at most 50 (seed 6):",
      "  Error: an update was lost",
      'Replay it with simulate(main, { schedule: "111" }), shrunk from 7 choices to 3; as it was found: simulate(main, { seed: 6 }).',
      "    1. start lostUpdate",
      "    2. start late, ahead of: start early",
    ]);
  });

  test("shrinks to a schedule that fails the same way, and not to one that fails another", async () => {
    const program = async (): Promise<void> => {
      const order = await twoTasks();
      throw order === "ab" ? new Error("the default order") : new RangeError("the other order");
    };
    const failures = [];
    for (let seed = 1; seed <= 10; seed++) {
      const { cause, schedule } = await failureOf(explore(program, { seed }));
      failures.push(`${schedule} ${String(cause)}`);
    }
    expect(new Set(failures)).toEqual(
      new Set(["0 Error: the default order", "1 RangeError: the other order"]),
    );
  });

  test("finds what takes one task far ahead of another", async () => {
    const program = async (): Promise<void> => {
      const marathon = 40;
      let laps = 0;
      await gather(
        async function runner() {
          for (; laps < marathon; laps++) await checkpoint();
        },
        async function late() {
          if (laps === marathon) throw new Error("the race is over");
          for (let delay = marathon; delay > 0; delay--) await checkpoint();
        },
      );
    };
    const failure = await failureOf(explore(program, { seed: 1 }));
    expect(failure.cause).toMatchObject({ errors: [new Error("the race is over")] });
  });

  test("takes numbers in a message for no difference", async () => {
    let runs = 0;
    const program = async (): Promise<void> => {
      if ((await twoTasks()) === "ba") throw new Error(`failed in run ${++runs}`);
    };
    expect(await failureOf(explore(program, { seed: 1 }))).toMatchObject({ schedule: "1" });
  });

  test("spends a bounded number of runs on shrinking", async () => {
    let runs = 0;
    const program = async (): Promise<void> => {
      runs++;
      let inversions = 0;
      for (let round = 0; round < 100; round++) {
        if ((await twoTasks()) === "ba") inversions++;
      }
      if (inversions > 20) throw new Error("too many");
    };
    await failureOf(explore(program, { seed: 1, runs: 1 }));
    expect(runs).toBeGreaterThan(100);
    expect(runs).toBeLessThanOrEqual(502);
  });

  test("says so where a failure does not come back with its schedule", async () => {
    let runs = 0;
    const program = (): void => {
      if (++runs === 5) throw new Error("once in a while");
    };
    const failure = await failureOf(explore(program, { seed: 1 }));
    expect(failure.message).toContain("but not when the same schedule is run again");
    expect(failure.message).toContain("make everything inside main");
    expect(failure).toMatchObject({ seed: 5, cause: new Error("once in a while") });
  });

  test("refuses a seed for a systematic exploration", async () => {
    await expect(explore(twoTasks, { systematic: true, seed: 1 })).rejects.toThrow(TypeError);
  });
});
