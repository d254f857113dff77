import type { TestRunner } from "./register.ts";

/**
 * Makes a runner for `register` of a function that defines one test, where there is no `describe`:
 * `register(flatRunner(Deno.test), subject)`. The names of groups stand before that of the test.
 */
export function flatRunner(test: (name: string, body: () => Promise<void>) => unknown): TestRunner {
  const groups: string[] = [];
  return {
    describe(name, body) {
      groups.push(name);
      body();
      groups.pop();
    },
    it: (name, body) => test([...groups, name].join(" > "), body),
  };
}
