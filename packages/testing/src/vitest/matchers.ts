import { expect } from "vitest";
import type { ErrorPattern, GroupOptions } from "../errors/error-pattern.ts";
import { matchGroup } from "../errors/match-group.ts";

/** Matchers that importing `@anywhen/testing/vitest` adds to vitest's `expect`. */
export interface GroupMatchers {
  /**
   * A `TaskGroupError` whose errors match these patterns one to one, in any order; as
   * `expectGroup(error).toMatch(patterns, options)`.
   *
   * @example
   * await expect(taskGroup(crawl)).rejects.toMatchGroup([TypeError, group([RangeError])]);
   */
  toMatchGroup(patterns: readonly ErrorPattern[], options?: GroupOptions): void;
}

declare module "vitest" {
  interface Matchers<T> extends GroupMatchers {}
}

expect.extend({
  toMatchGroup(received: unknown, patterns: readonly ErrorPattern[], options: GroupOptions = {}) {
    const { matches, explain } = matchGroup(received, patterns, options, "toMatchGroup()");
    return { pass: matches, message: explain };
  },
});
