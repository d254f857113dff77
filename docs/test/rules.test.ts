import { readdirSync, readFileSync } from "node:fs";
import { cases } from "@anywhen/conformance";
import { expect, it } from "vitest";
import { ruleTexts } from "../../conformance-tests/src/to-do-list/rule-texts.ts";

/** A rule is stated as `- **C7** …` on the page of its area. */
const statement = /^- \*\*([A-Z]\d+[a-z]?)\*\* (.*)/gm;

const statements = readdirSync("docs/rules")
  .map((page) => readFileSync(`docs/rules/${page}`, "utf8"))
  .flatMap((text) => [...text.matchAll(statement)])
  .map(([, rule = "", text = ""]) => [rule, text] as const);
const stated = statements.map(([rule]) => rule);

it("the pages state each rule once", () => {
  expect(stated.filter((rule, index) => stated.indexOf(rule) !== index)).toEqual([]);
});

it("every rule that the conformance suite proves is stated on a page", () => {
  const areas = new Set(stated.map((rule) => rule.charAt(0)));
  const proven = new Set(cases.map(({ rule }) => rule).filter((rule) => areas.has(rule.charAt(0))));
  expect([...proven].filter((rule) => !stated.includes(rule))).toEqual([]);
});

it("the conformance suite quotes each rule word for word", () => {
  const link = /\[([^\]]*)\]\([^)]*\)/g;
  const texts = statements.map(([rule, text]) => [rule, text.replaceAll(link, "$1")]);
  expect(ruleTexts, "run pnpm quote-rules").toEqual(Object.fromEntries(texts));
});
