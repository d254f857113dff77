import { cases } from "../../src/index.ts";

/** The ids of the cases that a rule ("L1") or a case's own id ("L1.3") stands for. */
export function casesOf(broken: string): string[] {
  const found = cases.filter(({ id, rule }) => id === broken || rule === broken);
  if (found.length === 0) throw new Error(`there is neither a rule nor a case ${broken}`);
  return found.map(({ id }) => id);
}
