import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cases } from "../../src/index.ts";
import { casesOf } from "../mutants/cases-of.ts";
import { complains, findingsOn } from "../mutants/judge.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { mutants } from "../mutants/mutants.ts";
import { ProgramBuilder } from "../mutants/program.ts";

/*
 * Runs every mutant against the whole suite and writes down which cases catch it, for
 * `docs/conformance.md`. With arguments: only the mutants whose fault has one of these texts in it,
 * or that are not in the record yet; what is known of the others stays. It takes minutes, so it is no test.
 */

const recordFile = fileURLToPath(new URL("../mutants/caught.json", import.meta.url));
/** Waiting for each wait that a broken core never ends would take hours. */
const mostHangs = 8;

/**
 * First what has to catch it, so that this is in the record whatever follows. Of the cases that
 * measure the host, only those: on a busy machine others would fail for no fault of the mutant's.
 */
function inTurn({ breaks }: Mutant): string[] {
  const wanted = breaks.flatMap(casesOf);
  const others = cases.filter(({ clock }) => clock !== "real").map(({ id }) => id);
  return [...new Set([...wanted, ...others])];
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

function known(): Readonly<Record<string, string>> {
  return existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, "utf8")) : {};
}

const texts = process.argv.slice(2);
const record = new Map(Object.entries(texts.length === 0 ? {} : known()));
const left = mutants.filter(
  ({ fault }) => !record.has(fault) || texts.some((text) => fault.includes(text)),
);
const folder = await mkdtemp(join(tmpdir(), "anywhen-mutants-"));
const builder = new ProgramBuilder(folder);

async function work(): Promise<void> {
  for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
    const caught = await caughtBy(mutant, builder);
    record.set(mutant.fault, caught.join(" "));
    console.log(`${caught.length} cases catch: ${mutant.fault} (${left.length} to go)`);
    writeRecord();
  }
}

function writeRecord(): void {
  const inOrder = mutants.flatMap(({ fault }) => {
    const ids = record.get(fault);
    return ids === undefined ? [] : [[fault, ids] as const];
  });
  writeFileSync(recordFile, `${JSON.stringify(Object.fromEntries(inOrder), null, 2)}\n`);
}

// A mutant that hangs leaves the processor to others.
await Promise.all(Array.from({ length: 3 * availableParallelism() }, work));
await rm(folder, { recursive: true });
writeRecord();
const caught = mutants.filter(({ fault }) => (record.get(fault) ?? "") !== "");
console.log(`mutants caught: ${caught.length} of ${mutants.length}`);
process.exitCode = caught.length < mutants.length ? 1 : 0;
