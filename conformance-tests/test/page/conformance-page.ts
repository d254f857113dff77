import { cases } from "@anywhen/conformance";
import { mutants } from "../mutants/mutants.ts";
import { type Catch, catches } from "./caught.ts";
import { provenElsewhere } from "./proven-elsewhere.ts";
import { type RulePage, type StatedRule, statedRules } from "./stated-rules.ts";

type SuiteCase = (typeof cases)[number];

const nothing: Catch = { own: [], others: 0 };

/** `docs/conformance.md`: what the suite proves, and what it is known to catch. */
export function conformancePage(): string {
  const pages = statedRules();
  const caught = catches();
  return [
    "# What the conformance suite proves",
    "",
    "Generated from the suite's cases, its mutants and the last record of what caught them; `pnpm run docs:conformance` writes it anew, and a test compares.",
    "",
    "A mutant is the core or a backend with one fault. Each names the rules that it breaks, and a case of each of these must catch it.",
    "",
    "A case is a must unless it says `should`, runs without time unless it names a clock, and applies to every backend unless it says which.",
    "",
    ...summary(pages),
    ...pages.flatMap((page) => sectionOf(page, caught)),
    ...realClock(),
  ].join("\n");
}

/** The rules that nothing proves. */
export function untestedRules(): StatedRule[] {
  return statedRules()
    .flatMap(({ rules }) => rules)
    .filter(({ id }) => casesOf(id).length === 0 && placesOf(id).length === 0);
}

function casesOf(rule: string): SuiteCase[] {
  return cases
    .filter((testCase) => testCase.rule === rule)
    .toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
}

function placesOf(rule: string): readonly string[] {
  return provenElsewhere[rule] ?? [];
}

function summary(pages: readonly RulePage[]): string[] {
  const rules = pages.reduce((sum, page) => sum + page.rules.length, 0);
  const rows = pages.map((page) => {
    const ids = page.rules.map(({ id }) => id);
    const count = ids.reduce((sum, id) => sum + casesOf(id).length, 0);
    return `| [${page.title}](#${anchorOf(page)}) | ${ids.length} | ${count} |`;
  });
  return [
    "| area | rules | cases |",
    "| --- | ---: | ---: |",
    ...rows,
    `| in all | ${rules} | ${cases.length} |`,
    "",
    `Mutants caught: ${mutants.length} of ${mutants.length}.`,
    "",
  ];
}

function anchorOf({ title }: RulePage): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

function sectionOf(page: RulePage, caught: ReadonlyMap<string, Catch>): string[] {
  return [
    `## ${page.title}`,
    "",
    `Stated in [${page.file}](${page.file}).`,
    "",
    ...page.rules.flatMap((rule) => ruleOf(rule, caught.get(rule.id) ?? nothing)),
  ];
}

function ruleOf(rule: StatedRule, { own, others }: Catch): string[] {
  const found = casesOf(rule.id);
  const places = placesOf(rule.id).map((file) => `[${file}](../${file})`);
  return [
    `### ${rule.id}`,
    "",
    `> ${rule.text}`,
    "",
    ...(found.length === 0 && places.length === 0 ? ["**untested**", ""] : []),
    ...(places.length === 0 ? [] : [`Proven by ${places.join(", ")}.`, ""]),
    ...found.map((testCase) => `- ${lineOf(testCase)}`),
    ...(found.length === 0 ? [] : [""]),
    ...(own.length === 0 ? [] : [`Catches ${own.join("; ")}.`, ""]),
    ...(others === 0 ? [] : [`Catches ${others} other mutants as well.`, ""]),
  ];
}

/** The case's id and title, and what is not the same for most cases. */
function lineOf({ id, title, level, clock, needs, unless }: SuiteCase): string {
  const notes = [
    ...(level === "should" ? ["should"] : []),
    ...(clock === "none" ? [] : [`${clock} clock`]),
    ...needs.map((capability) => `needs ${capability}`),
    ...unless.map((capability) => `not with ${capability}`),
  ];
  const remark = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
  return `\`${id}\` ${title.replaceAll("<", "\\<")}${remark}`;
}

function realClock(): string[] {
  const found = cases.filter(({ clock }) => clock === "real");
  return [
    "## Cases on the real clock",
    "",
    `These ${found.length} measure the host's own clock or event loop; all others need no time, or a virtual one.`,
    "",
    ...found.map(({ id, title }) => `- \`${id}\` ${title}`),
    "",
  ];
}
