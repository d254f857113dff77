import { parseArgs } from "node:util";
import type { Clock } from "./clock.ts";
import { knownRows } from "./known-rows.ts";
import { defaultSettings, type Settings } from "./measure.ts";
import { rowNames } from "./rows/index.ts";
import { runtimeKind } from "./runtime.ts";

export const usage: string = `Usage: pnpm bench [row…] [options]

  --runtime LIST   what to run on: node@24,node@20,bun,deno. npm fetches them. Default: this one
  --json           print the results as JSON on stdout; what else there is to say goes to stderr
  --output FILE    write them there
  --from FILE      start from the results in FILE; only rows that are named are measured anew
  --report         write benchmarks/results.md and benchmarks/results.svg
  --rounds N       counted rounds, default ${defaultSettings.rounds}
  --warmups N      rounds before them, default ${defaultSettings.warmups}
  --scale X        operations of each sample, times X, default ${defaultSettings.scale}
  --clock cpu      time what this thread does, not what passes: for a machine that is busy
  --help

Rows: ${rowNames.join(", ")}`;

export interface Options {
  /** Empty if nothing is to be measured. */
  readonly rows: readonly string[];
  /** Names of runtimes to get from npm; empty for the one that runs this. */
  readonly runtimes: readonly string[];
  readonly settings: Settings;
  readonly json: boolean;
  readonly output: string | undefined;
  readonly from: string | undefined;
  readonly report: boolean;
}

/**
 * What the command line asks for, or "help".
 * @throws RangeError for a row, runtime or value that does not exist
 * @throws TypeError for an unknown option
 */
export function parseOptions(args: readonly string[]): Options | "help" {
  const { values, positionals } = parseArgs({
    // pnpm passes a separator on.
    args: args.filter((argument) => argument !== "--"),
    allowPositionals: true,
    options: {
      runtime: { type: "string" },
      json: { type: "boolean" },
      output: { type: "string" },
      from: { type: "string" },
      report: { type: "boolean" },
      rounds: { type: "string" },
      warmups: { type: "string" },
      scale: { type: "string" },
      clock: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) return "help";
  const runtimes = values.runtime?.split(",") ?? [];
  runtimes.forEach(runtimeKind);
  const asked = knownRows(positionals);
  return {
    rows: values.from !== undefined && positionals.length === 0 ? [] : asked,
    runtimes,
    settings: {
      rounds: whole("--rounds", values.rounds, defaultSettings.rounds, 1),
      warmups: whole("--warmups", values.warmups, defaultSettings.warmups, 0),
      scale: positive("--scale", values.scale, defaultSettings.scale),
      clock: clockOf(values.clock),
    },
    json: values.json ?? false,
    output: values.output,
    from: values.from,
    report: values.report ?? false,
  };
}

function whole(option: string, text: string | undefined, otherwise: number, least: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(
    `${option} takes a whole number from ${least} on, got ${JSON.stringify(text)}`,
  );
}

function positive(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (value > 0 && value < Infinity) return value;
  throw new RangeError(`${option} takes a positive number, got ${JSON.stringify(text)}`);
}

function clockOf(text: string = defaultSettings.clock): Clock {
  if (text === "wall" || text === "cpu") return text;
  throw new RangeError(`--clock takes wall or cpu, got ${JSON.stringify(text)}`);
}
