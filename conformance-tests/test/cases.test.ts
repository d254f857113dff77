import { describe, expect, test } from "vitest";
import { cases } from "../src/index.ts";
import { referenceBackend } from "./reference-backend.ts";

/** The rules that a case can prove. D1 and D3 take a process of their own: see the tests of `anywhen`. */
const rules = [
  ...numbered("K", 1, 6),
  ...numbered("C", 1, 24),
  ...numbered("T", 1, 20),
  ...numbered("L", 1, 10),
  ...numbered("M", 1, 10),
  "M5a",
  ...numbered("M", 14, 17),
  ...numbered("H", 1, 3),
  ...numbered("B", 1, 6),
  "B5a",
  ...numbered("B", 10, 18),
  "D2",
];

describe("the table of cases", () => {
  test.each(rules)("has a case for %s", (rule) => {
    expect(cases.some((testCase) => testCase.rule === rule)).toBe(true);
  });

  test("gives every case an id of its own, which names its rule", () => {
    expect(new Set(cases.map((testCase) => testCase.id)).size).toBe(cases.length);
    for (const { id } of cases) expect(id).toMatch(/^[KCTLMHBD]\d+a?(\.\d+)?$/);
  });

  test("names no rule that there is not", () => {
    const known = new Set(rules);
    expect(
      cases.filter((testCase) => !known.has(testCase.rule)).map((testCase) => testCase.id),
    ).toEqual([]);
  });

  test("has at least 300 cases", () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
  });

  test("runs no case on the real clock of a backend whose time is virtual", () => {
    const real = cases.filter(({ clock }) => clock === "real");
    expect(
      real.filter(({ unless }) => !unless.includes("virtualTime")).map(({ id }) => id),
    ).toEqual([]);
  });

  test("names no capability that there is not, and none that a case both needs and excludes", () => {
    const known = Object.keys(referenceBackend().capabilities);
    for (const { needs, unless } of cases) {
      for (const capability of [...needs, ...unless]) expect(known).toContain(capability);
      expect(needs.filter((capability) => unless.includes(capability))).toEqual([]);
    }
  });

  test("gives every case a title of its own", () => {
    expect(new Set(cases.map((testCase) => testCase.title)).size).toBe(cases.length);
  });
});

function numbered(letter: string, first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${letter}${first + index}`);
}
