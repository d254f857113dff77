// Writes the wording of each rule from docs/rules into the conformance suite, which is published
// without the docs but quotes the rules to who breaks them. A test demands that both agree.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const target = "conformance-tests/src/to-do-list/rule-texts.ts";
const statement = /^- \*\*([A-Z]\d+[a-z]?)\*\* (.*)/gm;
const link = /\[([^\]]*)\]\([^)]*\)/g;

const lines = readdirSync("docs/rules")
  .flatMap((page) => [...readFileSync(`docs/rules/${page}`, "utf8").matchAll(statement)])
  .map(([, rule, text]) => `  ${rule}: ${JSON.stringify(text.replaceAll(link, "$1"))},\n`)
  .toSorted((left, right) => left.localeCompare(right, "en", { numeric: true }));

writeFileSync(
  target,
  `/** Each rule as its page in docs/rules states it; written by scripts/quote-rules.mjs. */
export const ruleTexts: Readonly<Record<string, string>> = {
${lines.join("")}};
`,
);
process.exit(spawnSync("oxfmt", [target], { stdio: "inherit" }).status ?? 1);
