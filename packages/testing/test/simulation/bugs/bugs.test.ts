import { DeadlockError } from "anywhen";
import { explore, type Program, simulate } from "@anywhen/testing";
import { describe, expect, test } from "vitest";
import { failureOf } from "../failure-of.ts";
import { checkThenAct } from "./check-then-act.ts";
import { doubleSend } from "./double-send.ts";
import { leakedLease } from "./leaked-lease.ts";
import { lockOrder } from "./lock-order.ts";
import { lostUpdate } from "./lost-update.ts";

interface Bug {
  readonly program: Program<void>;
  readonly cause: unknown;
  /** The seed that finds it, counting up from 1, with its schedule; and what that is shrunk to. */
  readonly seed: number;
  readonly schedule: string;
  readonly shrunk: string;
}

// The schedules are the same on every runtime: these tests run on all of them.
const bugs: readonly Bug[] = [
  {
    program: lostUpdate,
    cause: new Error("an update was lost"),
    seed: 6,
    schedule: "1111011",
    shrunk: "111",
  },
  {
    program: checkThenAct,
    cause: new Error("oversold: -1 seats are left"),
    seed: 3,
    schedule: "22222200001110001",
    shrunk: "222",
  },
  {
    program: leakedLease,
    cause: new Error("a token has leaked"),
    seed: 6,
    schedule: "1111011",
    shrunk: "111111",
  },
  {
    program: doubleSend,
    cause: new Error("sent 2 times: hello,hello"),
    seed: 4,
    schedule: "01010111001",
    shrunk: "0111",
  },
  {
    program: lockOrder,
    cause: expect.any(DeadlockError),
    seed: 6,
    schedule: "111101111",
    shrunk: "11111",
  },
];

describe.each(bugs)("$program.name", ({ program, cause, seed, schedule, shrunk }) => {
  test("does not show in the default order", async () => {
    await expect(simulate(program, { schedule: "0" })).resolves.toMatchObject({ schedule: "0" });
  });

  test("is found within 1,000 runs, and shrunk", async () => {
    const found = await failureOf(explore(program, { seed: 1, runs: 1_000 }));
    expect(found).toMatchObject({ seed, schedule: shrunk, cause });
  });

  test("comes back from its seed, with the same schedule", async () => {
    const found = await failureOf(simulate(program, { seed }));
    expect(found).toMatchObject({ seed, schedule, cause });
  });

  test("comes back from the shrunk schedule, and each choice in it matters", async () => {
    const found = await failureOf(simulate(program, { schedule: shrunk }));
    expect(found).toMatchObject({ schedule: shrunk, cause });
    for (let at = 0; at < shrunk.length; at++) {
      if (shrunk[at] === "0") continue;
      const without = `${shrunk.slice(0, at)}0${shrunk.slice(at + 1)}`;
      await simulate(program, { schedule: without });
    }
  });
});
