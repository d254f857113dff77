import fc from "fast-check";
import { TaskGroupError } from "anywhen";
import { describe, expect, test } from "vitest";
import { AssertionError, type ErrorPattern, expectGroup } from "../src/index.ts";

/** Which errors, by number, each pattern matches. */
const patternsAndErrors = fc.integer({ min: 0, max: 6 }).chain((size) =>
  fc.array(fc.subarray(Array.from({ length: size }, (_, error) => error)), {
    minLength: size,
    maxLength: size,
  }),
);

/** Whether each pattern can have an error of its own, by trying all ways. */
function solvable(
  fits: readonly (readonly number[])[],
  taken: ReadonlySet<number> = new Set(),
): boolean {
  const [first, ...rest] = fits;
  if (first === undefined) return true;
  return first.some((error) => !taken.has(error) && solvable(rest, new Set([...taken, error])));
}

describe("expectGroup()", () => {
  test("finds a way to give each pattern an error of its own exactly if there is one", () => {
    fc.assert(
      fc.property(patternsAndErrors, (fits) => {
        const errors = fits.map((_, index) => index);
        const group = new TaskGroupError(errors, "a group");
        const patterns = fits.map((fitting): ErrorPattern => ({
          check: (error: number) => fitting.includes(error),
        }));
        if (!solvable(fits)) {
          expect(() => expectGroup(group).toMatch(patterns)).toThrow(AssertionError);
          return;
        }
        const found = expectGroup(group).toMatch(patterns) as number[];
        expect([found.length, new Set(found)]).toEqual([fits.length, new Set(errors)]);
        expect(found.every((error, index) => fits[index]?.includes(error))).toBe(true);
      }),
    );
  });
});
