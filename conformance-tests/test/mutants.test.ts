import { describe, expect, test } from "vitest";
import { cases } from "../src/index.ts";
import { runCase } from "../src/run-case.ts";
import { mutantBackend, mutants } from "./mutants.ts";

describe.each(mutants)("a backend that $fault", (mutant) => {
  test.each(mutant.caughtBy)("is caught by %s, whose message names rule and fault", async (id) => {
    const testCase = cases.find((candidate) => candidate.id === id);
    if (!testCase) throw new Error(`there is no case ${id}`);
    const result = await runCase(
      testCase,
      { name: mutant.fault, create: () => mutantBackend(mutant) },
      2_000,
    );
    expect(["fail", "timeout"]).toContain(result.status);
    expect(result.message).toMatch(new RegExp(`^${testCase.rule}[.:]`));
    expect(result.message).toMatch(mutant.message);
  });
});
