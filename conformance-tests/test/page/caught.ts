import { readFileSync } from "node:fs";
import { cases } from "@anywhen/conformance";
import { casesOf } from "../mutants/cases-of.ts";
import { isCoreMutant, type Mutant } from "../mutants/mutant.ts";
import { mutants } from "../mutants/mutants.ts";

/** The last record of `pnpm run mutants`: by fault, the cases that caught it. */
export const caught = JSON.parse(
  readFileSync(new URL("../mutants/caught.json", import.meta.url), "utf8"),
) as Readonly<Record<string, string>>;

const ruleOf = new Map(cases.map(({ id, rule }) => [id, rule]));

/** The mutants that a rule has to catch, and how many others it catches as well. */
export interface Catch {
  readonly own: readonly string[];
  readonly others: number;
}

/** What the cases of each rule catch. */
export function catches(): Map<string, Catch> {
  const found = new Map<string, { own: string[]; others: number }>();
  const of = (rule: string): { own: string[]; others: number } => {
    const known = found.get(rule) ?? { own: [], others: 0 };
    found.set(rule, known);
    return known;
  };
  for (const mutant of mutants) {
    const own = rulesOf(mutant.breaks.flatMap(casesOf));
    for (const rule of own) of(rule).own.push(described(mutant));
    const all = rulesOf((caught[mutant.fault] ?? "").split(" "));
    for (const rule of all) if (!own.has(rule)) of(rule).others++;
  }
  return found;
}

function rulesOf(ids: readonly string[]): Set<string> {
  return new Set(ids.flatMap((id) => ruleOf.get(id) ?? []));
}

function described(mutant: Mutant): string {
  return `a ${isCoreMutant(mutant) ? "core" : "backend"} that ${mutant.fault}`;
}
