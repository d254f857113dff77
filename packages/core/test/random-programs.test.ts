import { withVirtualClock } from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { counted } from "./counted-backend.ts";
import { Interpreter } from "./random/interpreter.ts";
import { type Program, programs } from "./random/program.ts";

// Fixed, so that every run of the suite checks the same programs; fast-check prints it on failure.
const parameters = { seed: 20_251_031, numRuns: 500 };

const seen = new Map<string, number>();

async function check(program: Program): Promise<void> {
  const unhandled: unknown[] = [];
  const listener = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", listener);
  try {
    const { backend, counts } = counted(withVirtualClock(promiseBackend()));
    const interpreter = new Interpreter(backend, seen);
    await interpreter.run(program);
    await new Promise((resolve) => setImmediate(resolve));
    expect(interpreter.violations).toEqual([]);
    expect(counts.timersAlive, "live timers").toBe(0);
    expect(counts.settled, "tasks settled").toBe(counts.spawned);
    expect(unhandled, "unhandled rejections").toEqual([]);
  } finally {
    process.off("unhandledRejection", listener);
  }
}

describe("a random program of scopes, shields, groups, tasks and cancellation", () => {
  test("keeps C1, C2, C4 to C6, C10 to C13, C18, T1 to T7 and T10 to T15, and leaves nothing behind", async () => {
    await fc.assert(fc.asyncProperty(programs, check), parameters);
  }, 60_000);

  test.each([
    "wait cancelled",
    "scope absorbed",
    "scope passed on",
    "moveOnAfter absorbed",
    "failAfter timed out",
    "failAfter cancelled by hand",
    "shield timed out",
    "group failed",
    "group cancelled",
    "group value",
    "start started",
    "start failed",
    "start not started",
    "start cancelled",
    "run cancelled",
    "spawned from inside",
    "swallowed",
    "unshielded",
  ])("comes to this often enough to prove anything: %s", (event) => {
    expect(seen.get(event) ?? 0).toBeGreaterThan(4);
  });
});
