import { describe, expect, test } from "vitest";
import { assertSequence, AssertionError } from "../src/index.ts";

describe("assertSequence()", () => {
  test.each([
    { log: [], expected: [] },
    { log: ["a", "b"], expected: ["a", "b"] },
    { log: ["a", "c", "b", "d"], expected: ["a", new Set(["b", "c"]), "d"] },
    { log: ["a", "b", "c", "d"], expected: [new Set(["a", "b"]), new Set(["d", "c"])] },
    { log: [Number.NaN], expected: [Number.NaN] },
    { log: ["a"], expected: ["a", new Set<string>()] },
  ])("accepts $log", ({ log, expected }) => {
    assertSequence<unknown>(log, expected);
  });

  test.each([
    { log: ["a"], expected: ["b"], message: /entry 0: expected "b" here, got "a"/ },
    { log: ["a"], expected: ["a", "b"], message: /entry 1: expected "b" here, the log ends/ },
    { log: ["a", "b"], expected: ["a"], message: /entry 1: expected the log to end here/ },
    { log: ["a", "b"], expected: [new Set(["a", "c"])], message: /\{ "a", "c" \} in any order/ },
    { log: ["a", "a"], expected: [new Set(["a", "b"])], message: /got "a", "a"/ },
    { log: ["a"], expected: [new Set(["a", "b"])], message: /got "a"/ },
    { log: ["b", "a"], expected: ["a", "b"], message: /→ "b"\n {2}"a"$/ },
  ])("refuses $log where $expected is expected", ({ log, expected, message }) => {
    expect(() => assertSequence<unknown>(log, expected)).toThrow(message);
    expect(() => assertSequence<unknown>(log, expected)).toThrow(AssertionError);
  });

  test("refuses what is no array", () => {
    expect(() => assertSequence("ab" as never, [])).toThrow(/the log is an array, got "ab"/);
    expect(() => assertSequence([], new Set() as never)).toThrow(
      /the expected sequence is an array/,
    );
  });
});
