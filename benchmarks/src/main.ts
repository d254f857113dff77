import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Measured } from "./measure-child.ts";
import { isMeasured, type MissingRow, type RowResult, type Settings } from "./measure.ts";
import { type Options, parseOptions, usage } from "./options.ts";
import { merged, type Results, type RuntimeResults } from "./results.ts";
import { resultsPage } from "./results-page.ts";
import { resultsPlot } from "./results-plot.ts";
import { rowNames } from "./rows/index.ts";
import { runChild } from "./run-child.ts";
import { currentRuntime, locate, type Runtime } from "./runtime.ts";
import { environmentLine, rowAsText } from "./text-report.ts";

/** pnpm runs scripts in the package's folder; paths count from where the user stands. */
function userPath(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

type Say = (text: string) => void;

async function measureOn(
  runtime: Runtime,
  names: readonly string[],
  settings: Settings,
  say: Say,
): Promise<RuntimeResults> {
  const rows: (RowResult | MissingRow)[] = [];
  let first: Measured | undefined;
  for (const name of names) {
    try {
      const measured = await runChild<Measured>(runtime, "./measure-child.js", [
        name,
        JSON.stringify(settings),
      ]);
      if (first === undefined) say(`\n${environmentLine(measured.environment)}`);
      first ??= measured;
      rows.push(measured.row);
    } catch (error) {
      const missing = `failed: ${error instanceof Error ? error.message : String(error)}`;
      rows.push({ name, missing, failed: true });
    }
    say(rowAsText(rows.at(-1) as RowResult | MissingRow));
  }
  if (first === undefined) throw new Error(`no row could be measured on ${runtime.name}`);
  return { name: runtime.name, environment: first.environment, rows };
}

async function measureAll({ rows, runtimes, settings }: Options, say: Say): Promise<Results> {
  const located: Runtime[] = [];
  for (const spec of runtimes) located.push(await locate(spec));
  const measured: RuntimeResults[] = [];
  for (const runtime of located.length > 0 ? located : [currentRuntime]) {
    measured.push(await measureOn(runtime, rows, settings, say));
  }
  return { settings, runtimes: measured };
}

/** Resolves with the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === "help") {
    console.log(usage);
    return 0;
  }
  const say: Say = options.json ? console.error : console.log;
  const older =
    options.from === undefined
      ? undefined
      : (JSON.parse(readFileSync(userPath(options.from), "utf8")) as Results);
  const newer = options.rows.length > 0 ? await measureAll(options, say) : undefined;
  const results =
    older === undefined || newer === undefined
      ? ((newer ?? older) as Results)
      : merged(older, newer, rowNames);
  const json = `${JSON.stringify(results, undefined, 2)}\n`;
  if (options.json) process.stdout.write(json);
  if (options.output !== undefined) write(userPath(options.output), json);
  if (options.report) {
    const folder = new URL("../", import.meta.url);
    write(fileURLToPath(new URL("results.md", folder)), resultsPage(results));
    write(fileURLToPath(new URL("results.svg", folder)), resultsPlot(results));
  }
  const failed = newer?.runtimes.some(({ rows }) =>
    rows.some((row) => !isMeasured(row) && row.failed),
  );
  return failed === true ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
