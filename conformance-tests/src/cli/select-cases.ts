import type { Case } from "../case.ts";
import { areas } from "../cases/index.ts";
import { BadUsage } from "./bad-usage.ts";

/**
 * The cases that `terms` name, in the suite's order; all if there are none. A term is an id ("C7.1"),
 * a rule ("C7"), the letter of rules ("C"), or part of an area's name ("deadlines").
 *
 * @throws BadUsage if a term names no case
 */
export function selectCases(terms: readonly string[]): ReadonlySet<Case> {
  const all = areas.flatMap((area) =>
    area.cases.map((testCase) => ({ area: area.name, testCase })),
  );
  const found = terms.map((term) => {
    const matching = all.filter(({ area, testCase }) => matches(term, area, testCase));
    if (matching.length === 0) throw new BadUsage(nothing(term));
    return new Set(matching.map(({ testCase }) => testCase));
  });
  return new Set(
    all
      .map(({ testCase }) => testCase)
      .filter((testCase) => found.length === 0 || found.some((set) => set.has(testCase))),
  );
}

function matches(term: string, area: string, { id, rule }: Case): boolean {
  const wanted = term.toLowerCase();
  if (/^[a-z]$/.test(wanted)) return rule.toLowerCase().startsWith(wanted);
  if (/^[a-z]\d/.test(wanted)) return [id, rule].some((name) => name.toLowerCase() === wanted);
  return area.toLowerCase().includes(wanted);
}

function nothing(term: string): string {
  const letters = new Set(areas.flatMap(({ cases }) => cases.map(({ rule }) => rule.charAt(0))));
  return (
    `--filter ${term} matches no case. Give an id (C7.1), a rule (C7), one of the letters ` +
    `${[...letters].join(" ")}, or part of an area: ${areas.map(({ name }) => name).join(", ")}`
  );
}
