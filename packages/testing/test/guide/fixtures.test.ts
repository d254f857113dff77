import { test as base } from "@anywhen/testing/vitest";
import { currentBackend, now, sleep } from "anywhen";
import { describe, expect } from "vitest";

const test = base.extend("log", ({ clock }) => {
  const lines: string[] = [];
  return { lines, write: (text: string) => lines.push(`${clock.now}: ${text}`) };
});

test("a fixture may use the clock", async ({ log }) => {
  await sleep(1_500);
  log.write("done");
  expect(log.lines).toEqual(["1500: done"]);
});

describe("on Effect, from noon on", () => {
  test.override({ backend: "effect", virtualTime: { start: 43_200_000 } });

  test("fixtures also say what the tests of a suite run on", () => {
    expect(currentBackend().name).toBe("effect");
    expect(now()).toBe(43_200_000);
  });
});
