import type { CaseResult } from "../run-case.ts";
import { hintFor } from "./hints.ts";
import { ruleTexts } from "./rule-texts.ts";
import { wrapped } from "./wrapped.ts";

/** How long a list may get. */
export interface ToDoListOptions {
  /** Cases of a rule that are told in full; of the others only the ids. Default: 3. */
  readonly casesPerRule?: number;
}

/** What a backend owes the core comes first, since programs see the rest only through it. */
const areas = ["B", "K", "C", "T", "L", "M", "H", "D"];

/**
 * What the author of a backend has to do, as text: the broken rules, in the order in which to mend
 * them, each with its wording, what was expected and what came, and where to look. `results` are
 * those of `runConformance`.
 *
 * @example
 * console.log(toDoList("my-backend", await runConformance(subject)));
 */
export function toDoList(
  name: string,
  results: readonly CaseResult[],
  { casesPerRule = 3 }: ToDoListOptions = {},
): string {
  const byRule = new Map<string, CaseResult[]>();
  for (const result of results.filter(isBroken)) {
    byRule.set(result.case.rule, [...(byRule.get(result.case.rule) ?? []), result]);
  }
  const rules = [...byRule.keys()].toSorted(byUrgency);
  const sections = rules.map((rule, index) =>
    section(index + 1, rule, byRule.get(rule) ?? [], casesPerRule),
  );
  const owed = rules.filter(isOwed).length;
  return [
    ...summary(name, results, rules.length),
    ...(owed > 0 ? [ownRules, ...sections.slice(0, owed)] : []),
    ...(owed < sections.length ? [othersRules(owed), ...sections.slice(owed)] : []),
  ].join("\n\n");
}

const ownRules =
  "WHAT THE BACKEND OWES THE CORE\nBegin here, at the top: a backend that breaks one of these often breaks others by it.";

function othersRules(owed: number): string {
  const advice =
    owed > 0
      ? "The core keeps these, on top of the above. Run the suite again before you look at them."
      : "The core keeps these by what the backend does for it.";
  return `WHAT PROGRAMS SEE\n${advice}`;
}

function summary(name: string, results: readonly CaseResult[], rules: number): string[] {
  const count = (...statuses: string[]): number =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const passed = count("pass");
  const skipped = count("skip");
  const known = count("expected-fail");
  const rest = [
    ...(skipped > 0 ? [`${skipped} do not apply`] : []),
    ...(known > 0 ? [`${known} fail as is known`] : []),
  ];
  const others = rest.length > 0 ? `, ${rest.join(", ")}` : "";
  return rules === 0
    ? [`${name}: nothing to do. ${passed} cases pass${others}.`]
    : [
        `${name}: ${plural(rules, "rule")} to look at. ${plural(results.filter(isBroken).length, "case")} of ${results.length} went wrong, ${passed} pass${others}.`,
      ];
}

function section(
  number: number,
  rule: string,
  broken: readonly CaseResult[],
  casesPerRule: number,
): string {
  const margin = " ".repeat(4);
  const told = broken.slice(0, casesPerRule);
  const others = broken.slice(casesPerRule).map((result) => result.case.id);
  return [
    wrapped(`${String(number).padStart(2)}. ${rule}  `, ruleTexts[rule] ?? ""),
    wrapped(`${margin}Look at `, hintFor(rule)),
    ...told.map((result) => item(margin, result)),
    ...(others.length > 0 ? [wrapped(`${margin}- `, `and ${others.join(", ")}`)] : []),
  ].join("\n");
}

function item(margin: string, result: CaseResult): string {
  const { id, title, level } = result.case;
  const should = level === "should" ? " (should, not must)" : "";
  return [
    wrapped(`${margin}- `, `${id}${should}: ${title}.`),
    wrapped(`${margin}  `, complaint(result)),
  ].join("\n");
}

/** The message without what the item has said already. */
function complaint({ case: { id, title }, message = "" }: CaseResult): string {
  const bare = [`${id}: `, `${title}. `, "But "].reduce(
    (text, prefix) => (text.startsWith(prefix) ? text.slice(prefix.length) : text),
    message,
  );
  const sentence = `${bare.charAt(0).toUpperCase()}${bare.slice(1)}`;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function isBroken({ status }: CaseResult): boolean {
  return status === "fail" || status === "timeout" || status === "unexpected-pass";
}

/** B10 to B18, which are about the backend itself. */
function isOwed(rule: string): boolean {
  return rule.startsWith("B") && Number.parseInt(rule.slice(1), 10) >= 10;
}

function byUrgency(left: string, right: string): number {
  const place = (rule: string): number => (isOwed(rule) ? -1 : areas.indexOf(rule.charAt(0)));
  return place(left) - place(right) || left.localeCompare(right, "en", { numeric: true });
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
