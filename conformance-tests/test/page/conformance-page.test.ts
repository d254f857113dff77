import { existsSync, readFileSync } from "node:fs";
import { cases } from "@anywhen/conformance";
import { describe, expect, test } from "vitest";
import { casesOf } from "../mutants/cases-of.ts";
import { mutants } from "../mutants/mutants.ts";
import { caught, catches } from "./caught.ts";
import { conformancePage, untestedRules } from "./conformance-page.ts";
import { provenElsewhere } from "./proven-elsewhere.ts";
import { statedRules } from "./stated-rules.ts";

const stated = new Set(statedRules().flatMap(({ rules }) => rules.map(({ id }) => id)));

test("the page shows the suite as it is: `pnpm run docs:conformance` writes it anew", async () => {
  await expect(conformancePage()).toMatchFileSnapshot(`${process.cwd()}/docs/conformance.md`);
});

test("only a rule that is not there yet is untested", () => {
  expect(untestedRules().filter(({ pending }) => !pending)).toEqual([]);
});

test("every case belongs to a rule that is stated", () => {
  expect(cases.filter(({ rule }) => !stated.has(rule)).map(({ id }) => id)).toEqual([]);
});

test("every rule with cases has a mutant to catch", () => {
  const caughtBy = catches();
  const rules = new Set(cases.map(({ rule }) => rule));
  expect([...rules].filter((rule) => (caughtBy.get(rule)?.own.length ?? 0) === 0)).toEqual([]);
});

describe.each(Object.entries(provenElsewhere))("%s, proven elsewhere", (rule, files) => {
  test.each(files)("has its test in %s", (file) => {
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toMatch(new RegExp(`["\`]${rule}\\b`));
  });
});

describe("the record of what caught the mutants", () => {
  test("has every mutant, and no other: `pnpm run mutants` writes it anew", () => {
    expect(Object.keys(caught).toSorted()).toEqual(mutants.map(({ fault }) => fault).toSorted());
  });

  test("has each one caught by all that must catch it", () => {
    const missed = mutants.flatMap(({ fault, breaks }) => {
      const by = new Set((caught[fault] ?? "").split(" "));
      return breaks
        .filter((broken) => !casesOf(broken).some((id) => by.has(id)))
        .map((broken) => `${broken}: ${fault}`);
    });
    expect(missed).toEqual([]);
  });
});
