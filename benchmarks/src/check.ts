import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { aligned } from "./aligned.ts";
import {
  type Baseline,
  type Comparison,
  compareCounts,
  isFailure,
  margin,
} from "./compare-counts.ts";
import { countFlags, type Counts } from "./count.ts";
import { knownRows } from "./known-rows.ts";
import { loadRow, rowNames } from "./rows/index.ts";
import { runChild } from "./run-child.ts";
import { currentRuntime, locate, type Runtime } from "./runtime.ts";

const usage = `Usage: pnpm bench:check [row…] [--update]

Counts what each row allocates for one operation, and fails if it is over ${margin * 100} % more than
benchmarks/baseline.json says.

  --update   writes what was counted into that file
  --help`;

const file = fileURLToPath(new URL("../baseline.json", import.meta.url));

/** Counts the rows, as many at once as there are cores: the load makes no difference. */
async function countAll(runtime: Runtime, names: readonly string[]): Promise<Baseline["rows"]> {
  const counts = new Map<string, Counts>();
  const left = names.values();
  const worker = async (): Promise<void> => {
    for (const name of left) {
      try {
        counts.set(name, await runChild<Counts>(runtime, "./count-child.js", [name], countFlags));
      } catch (error) {
        throw new Error(`row ${name}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return Object.fromEntries(names.map((name) => [name, rounded(counts.get(name) as Counts)]));
}

function rounded({ bytes, promises }: Counts): Counts {
  return { bytes: Math.round(bytes), promises: Number(promises.toFixed(2)) };
}

async function countedRows(asked: readonly string[]): Promise<string[]> {
  const rows = await Promise.all(asked.map(loadRow));
  return rows.filter((row) => row.counted !== false).map(({ name }) => name);
}

function report(comparisons: readonly Comparison[]): string {
  const head = ["row", "bytes", "before", "", "promises", "before", "", ""];
  const lines = comparisons.map(({ row, verdict, cells }) => [row, ...pad(cells), verdict]);
  return aligned([head, ...lines], 1).join("\n");
}

function pad(cells: readonly string[]): string[] {
  return Array.from({ length: 6 }, (_, index) => cells[index] ?? "");
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    // pnpm passes a separator on.
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    allowPositionals: true,
    options: { update: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  const baseline = JSON.parse(readFileSync(file, "utf8")) as Baseline;
  const asked = knownRows(positionals);
  const runtime =
    currentRuntime.name === baseline.runtime ? currentRuntime : await locate(baseline.runtime);
  const existing = await countedRows(rowNames);
  const counted = await countAll(
    runtime,
    existing.filter((name) => asked.includes(name)),
  );
  const comparisons = compareCounts(baseline.rows, counted, existing);
  console.log(`Per operation, on ${runtime.name}:\n\n${report(comparisons)}\n`);
  if (values.update === true) {
    const rows = Object.fromEntries(
      existing.flatMap((name) => {
        const counts = counted[name] ?? baseline.rows[name];
        return counts === undefined ? [] : [[name, counts]];
      }),
    );
    writeFileSync(file, `${JSON.stringify({ runtime: baseline.runtime, rows }, undefined, 2)}\n`);
    console.log("benchmarks/baseline.json is up to date");
    return 0;
  }
  const failures = comparisons.filter(isFailure);
  console.log(
    failures.length === 0
      ? `Nothing allocates over ${margin * 100} % more than before.`
      : `${failures.map(({ row }) => row).join(", ")}: not as benchmarks/baseline.json says. If that is meant, \`pnpm bench:check --update\` writes the new counts.`,
  );
  return failures.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
