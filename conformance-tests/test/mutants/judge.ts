import { casesOf } from "./cases-of.ts";
import type { Finding } from "./messages.ts";
import { isCoreMutant, type Mutant } from "./mutant.ts";
import type { ProgramBuilder } from "./program.ts";
import { runProgram } from "./run-program.ts";

/** Real time after which a case on a mutant is given up: those that do not hang take milliseconds. */
const timeoutMs = 1_000;

/** Runs `ids` on a mutant; yields what came of each. */
export async function* findingsOn(
  mutant: Mutant,
  ids: readonly string[],
  builder: ProgramBuilder,
): AsyncGenerator<Finding> {
  const core = isCoreMutant(mutant) ? mutant : undefined;
  const backendFault = core === undefined ? mutant.fault : undefined;
  yield* runProgram(await builder.build(core), { ids, backendFault, timeoutMs });
}

/** Whether a case says that something is wrong. */
export function complains({ status }: Finding): boolean {
  return status === "fail" || status === "timeout" || status === "hung";
}

/**
 * Runs the cases that have to catch a mutant, each rule's until one has.
 *
 * @returns what did not catch it, and why not; nothing if it was caught as it should be
 */
export async function survivals(mutant: Mutant, builder: ProgramBuilder): Promise<string[]> {
  const found: string[] = [];
  for (const [place, broken] of mutant.breaks.entries()) {
    const wanted = place === 0 ? mutant.message : /^/;
    const others: string[] = [];
    let caught = false;
    for await (const finding of findingsOn(mutant, casesOf(broken), builder)) {
      if (!complains(finding)) continue;
      caught = wanted.test(finding.message);
      if (caught) break;
      others.push(finding.message);
    }
    if (!caught) found.push(survival(broken, wanted, others));
  }
  return found;
}

function survival(broken: string, wanted: RegExp, others: readonly string[]): string {
  return others.length === 0
    ? `no case of ${broken} catches it`
    : `no complaint of ${broken} says ${wanted}, but: ${others.join("; ")}`;
}
