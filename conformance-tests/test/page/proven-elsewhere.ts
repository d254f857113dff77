/** Rules that take a process of their own, and the tests that prove them, from the repository's root. */
export const provenElsewhere: Readonly<Record<string, readonly string[]>> = {
  D1: ["packages/anywhen/test/deadlock.test.ts"],
  D3: ["packages/anywhen/test/process.test.ts"],
};
