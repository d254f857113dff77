import { AssertionError } from "../assertion-error.ts";
import type { ErrorPattern, GroupOptions, MatchedError } from "./error-pattern.ts";
import { matchGroup } from "./match-group.ts";

/** The errors that a list of patterns matched, in the order of the patterns. */
export type MatchedErrors<P extends readonly ErrorPattern[]> = {
  -readonly [K in keyof P]: MatchedError<P[K]>;
};

/** What `expectGroup()` returns. */
export interface GroupExpectation {
  /**
   * Asserts that the group's errors and the patterns match one to one, in any order, and returns the
   * errors in the order of the patterns. If there is a way to give each pattern an error of its own, it
   * is found. A group within the group is one error: write it as `group([…])`, or pass `flatten`.
   *
   * @throws AssertionError that shows what matches what; TypeError for what are no patterns
   */
  toMatch<const P extends readonly ErrorPattern[]>(
    patterns: P,
    options?: GroupOptions,
  ): MatchedErrors<P>;
}

/**
 * What a `TaskGroupError` should hold. Needs no test runner; for vitest there is the matcher
 * `toMatchGroup` of `@anywhen/testing/vitest`. After pytest's `RaisesGroup`.
 *
 * @example
 * const error = await taskGroup(crawl).catch((error: unknown) => error);
 * const [timeout] = expectGroup(error).toMatch([TimeoutError, { type: HttpError, message: "404" }]);
 */
export function expectGroup(error: unknown): GroupExpectation {
  return {
    toMatch(patterns, options = {}) {
      const match = matchGroup(error, patterns, options, "expectGroup()");
      if (!match.matches) throw new AssertionError(match.explain(), { cause: error });
      return match.errors as MatchedErrors<typeof patterns>;
    },
  };
}
