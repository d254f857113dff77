import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cases } from "../../src/index.ts";
import { casesOf } from "./cases-of.ts";
import { complains, findingsOn } from "./judge.ts";
import type { Mutant } from "./mutant.ts";
import { mutants } from "./mutants.ts";
import { ProgramBuilder } from "./program.ts";

/*
 * Runs every mutant against the whole suite and writes down which cases catch it, for
 * `docs/conformance.md`. It takes a quarter of an hour, so it is no test.
 */

const recordFile = fileURLToPath(new URL("caught.json", import.meta.url));
/** Waiting for each wait that a broken core never ends would take hours. */
const mostHangs = 12;

/** First what has to catch it, so that this is in the record whatever follows. */
function inTurn({ breaks }: Mutant): string[] {
  return [...new Set([...breaks.flatMap(casesOf), ...cases.map(({ id }) => id)])];
}

async function caughtBy(mutant: Mutant, builder: ProgramBuilder): Promise<string[]> {
  const caught: string[] = [];
  let hangs = 0;
  for await (const finding of findingsOn(mutant, inTurn(mutant), builder)) {
    if (!complains(finding)) continue;
    caught.push(finding.id);
    if (finding.status !== "fail" && ++hangs === mostHangs) break;
  }
  const order = new Map(cases.map(({ id }, index) => [id, index]));
  return caught.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
}

const folder = await mkdtemp(join(tmpdir(), "anywhen-mutants-"));
const builder = new ProgramBuilder(folder);
const record = new Map<string, string>();
const left = [...mutants];

async function work(): Promise<void> {
  for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
    const caught = await caughtBy(mutant, builder);
    record.set(mutant.fault, caught.join(" "));
    console.log(`${record.size} of ${mutants.length}: ${mutant.fault}: ${caught.length} cases`);
  }
}

await Promise.all(Array.from({ length: availableParallelism() + 1 }, work));
await rm(folder, { recursive: true });
const caught = mutants.map(({ fault }) => [fault, record.get(fault)] as const);
await writeFile(recordFile, `${JSON.stringify(Object.fromEntries(caught), null, 2)}\n`);
const survivors = caught.filter(([, ids]) => ids === "");
console.log(`mutants caught: ${mutants.length - survivors.length} of ${mutants.length}`);
process.exitCode = survivors.length > 0 ? 1 : 0;
