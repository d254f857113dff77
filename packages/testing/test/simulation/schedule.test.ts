import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSchedule, parseSchedule } from "../../src/simulation/schedule.ts";

test("a schedule comes back from its text, save for zeros at its end", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 100 })), (choices) => {
      const last = choices.findLastIndex((choice) => choice > 0);
      const kept = choices.slice(0, last + 1);
      expect(parseSchedule(formatSchedule(choices))).toEqual(kept.length === 0 ? [0] : kept);
    }),
  );
});

test("a place is one character up to 35", () => {
  expect(formatSchedule([0, 9, 10, 35, 36, 0])).toBe("09az(36)");
});
