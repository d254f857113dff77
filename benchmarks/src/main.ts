import { fork } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Clock } from "./clock.ts";
import { withResults } from "./markdown-report.ts";
import { defaultSettings, type RowResult, type Settings } from "./measure.ts";
import { environment, type Results } from "./results.ts";
import { rowNames } from "./rows/index.ts";
import { environmentLine, rowAsText } from "./text-report.ts";

const usage = `Usage: pnpm bench [row…] [options]

  --json FILE      write the results to FILE
  --markdown       write them into the table of benchmarks/README.md
  --from FILE      read them from FILE instead of measuring
  --rounds N       counted rounds, default ${defaultSettings.rounds}
  --warmups N      rounds before them, default ${defaultSettings.warmups}
  --scale X        operations of each sample, times X, default ${defaultSettings.scale}
  --clock cpu      time what this thread does, not what passes: for a machine that is busy
  --help

Rows: ${rowNames.join(", ")}`;

const readme = fileURLToPath(new URL("../README.md", import.meta.url));
const child = new URL("./child.js", import.meta.url);

/** pnpm runs scripts in the package's folder; paths count from where the user stands. */
function userPath(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

function measureInChild(name: string, settings: Settings): Promise<RowResult> {
  return new Promise((fulfil, reject) => {
    const measuring = fork(child, [name, JSON.stringify(settings)], {
      execArgv: [...process.execArgv, "--expose-gc"],
    });
    measuring.on("message", (result) => fulfil(result as RowResult));
    measuring.on("error", reject);
    measuring.on("exit", (code, signal) =>
      reject(new Error(`row ${name} ended without a result: ${signal ?? `exit code ${code}`}`)),
    );
  });
}

async function measureAll(names: readonly string[], settings: Settings): Promise<Results> {
  const around = environment();
  console.log(environmentLine(around));
  const rows: RowResult[] = [];
  for (const name of names) {
    const row = await measureInChild(name, settings);
    console.log(rowAsText(row));
    rows.push(row);
  }
  return { environment: around, settings, rows };
}

/** @throws RangeError for what is no positive number */
function positive(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (value > 0) return value;
  throw new RangeError(`${option} takes a positive number, got ${JSON.stringify(text)}`);
}

/** @throws RangeError for what is no clock */
function clockOf(text: string = defaultSettings.clock): Clock {
  if (text === "wall" || text === "cpu") return text;
  throw new RangeError(`--clock takes wall or cpu, got ${JSON.stringify(text)}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    // pnpm passes a separator on.
    args: process.argv.slice(2).filter((argument) => argument !== "--"),
    allowPositionals: true,
    options: {
      json: { type: "string" },
      markdown: { type: "boolean" },
      from: { type: "string" },
      rounds: { type: "string" },
      warmups: { type: "string" },
      scale: { type: "string" },
      clock: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const unknown = positionals.find((name) => !rowNames.includes(name));
  if (unknown !== undefined) throw new RangeError(`there is no row "${unknown}"\n\n${usage}`);
  const settings: Settings = {
    rounds: Math.ceil(positive("--rounds", values.rounds, defaultSettings.rounds)),
    warmups: Math.ceil(positive("--warmups", values.warmups, defaultSettings.warmups)),
    scale: positive("--scale", values.scale, defaultSettings.scale),
    clock: clockOf(values.clock),
  };
  const results =
    values.from === undefined
      ? await measureAll(positionals.length > 0 ? positionals : rowNames, settings)
      : (JSON.parse(readFileSync(userPath(values.from), "utf8")) as Results);
  if (values.json !== undefined) {
    const file = userPath(values.json);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  if (values.markdown === true) {
    writeFileSync(readme, withResults(readFileSync(readme, "utf8"), results));
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
