import { parseArgs } from "node:util";
import { BadUsage } from "./bad-usage.ts";
import { formatNames, isFormat, type Format } from "./formats.ts";

/** Where reports go and of which kinds. */
export interface Output {
  readonly formats: readonly Format[];
  readonly folder: string;
}

/** What a command line asks for. */
export type Command =
  | { readonly name: "help" | "version" }
  | { readonly name: "list"; readonly filter: readonly string[] }
  | { readonly name: "merge"; readonly files: readonly string[]; readonly output: Output }
  | {
      readonly name: "run";
      readonly file: string;
      readonly filter: readonly string[];
      readonly output: Output;
      readonly seed: number | undefined;
      readonly timeoutMs: number | undefined;
    };

/** What --help prints. */
export const usage: string = `anywhen-conformance: does a backend keep the rules of anywhen?

  anywhen-conformance <module> [options]         run the suite on a module's default export:
                                                 a Subject, a function that makes a Backend, or a Backend
  anywhen-conformance merge <report.json>... [options]   put JSON reports side by side
  anywhen-conformance --list [--filter C]        list the cases

  --filter <what>      ids, rules, letters of rules or areas: C7.1, C7, C, deadlines; with commas, or repeated
  --report <formats>   ${formatNames.join(", ")}; with commas, or repeated
  --out <folder>       where reports go (default: reports)
  --seed <integer>     shuffle the cases; the same seed gives the same order
  --timeout <ms>       real time after which a case is given up (default: 4000)
  --help, --version

Exit codes: 0 all well; 1 a case failed, timed out or passed unexpectedly; 2 the command makes no sense.
`;

/**
 * Reads a command line, without the names of the runtime and the program.
 *
 * @throws BadUsage with what is wrong and what would be right
 */
export function parseCommandLine(args: readonly string[]): Command {
  const { values, positionals } = parsed(args);
  if (values.help) return { name: "help" };
  if (values.version) return { name: "version" };
  const filter = listed(values.filter);
  if (values.list) {
    refuse(positionals.length > 0, `--list takes no module, got ${positionals.join(" ")}`);
    return { name: "list", filter };
  }
  const [first, ...others] = positionals;
  const formats = listed(values.report).map(toFormat);
  const output = { formats, folder: values.out ?? "reports" };
  if (first === "merge") {
    refuse(others.length === 0, "merge needs JSON reports: merge a.json b.json --report html");
    refuse(formats.length === 0, `merge needs --report ${formatNames.join(",")}, or some of them`);
    const only = ["filter", "seed", "timeout"].find((name) => name in values);
    refuse(only !== undefined, `merge runs nothing, so it takes no --${only}`);
    return { name: "merge", files: others, output };
  }
  refuse(
    values.out !== undefined && formats.length === 0,
    `--out needs --report ${formatNames.join(",")}, or some of them`,
  );
  if (first === undefined) {
    throw new BadUsage("no module given: anywhen-conformance ./my-backend.js, or --help");
  }
  refuse(others.length > 0, `one module at a time, got also ${others.join(" ")}`);
  const seed = toInteger("--seed", values.seed);
  const timeoutMs = toInteger("--timeout", values.timeout);
  refuse(timeoutMs !== undefined && timeoutMs <= 0, `--timeout is ${timeoutMs}, must be above 0`);
  return { name: "run", file: first, filter, output, seed, timeoutMs };
}

interface Values {
  readonly filter?: string[];
  readonly report?: string[];
  readonly out?: string;
  readonly seed?: string;
  readonly timeout?: string;
  readonly list?: boolean;
  readonly help?: boolean;
  readonly version?: boolean;
}

function parsed(args: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        filter: { type: "string", multiple: true },
        report: { type: "string", multiple: true },
        out: { type: "string" },
        seed: { type: "string" },
        timeout: { type: "string" },
        list: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new BadUsage(`${(error as Error).message} (--help lists the options)`);
  }
}

function listed(values: readonly string[] = []): string[] {
  return values.flatMap((value) => value.split(",")).flatMap((value) => value.trim() || []);
}

function toFormat(name: string): Format {
  if (isFormat(name)) return name;
  throw new BadUsage(`--report ${name} is not known: choose from ${formatNames.join(", ")}`);
}

function toInteger(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^-?\d+$/.test(value) && Number.isSafeInteger(Number(value))) return Number(value);
  throw new BadUsage(`${option} is ${JSON.stringify(value)}, must be an integer`);
}

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new BadUsage(message);
}
