import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Command, InvalidArgumentError } from "commander";

/** What to check: a site on the network, a folder, or the documentation found in this checkout. */
export type Target =
  | { kind: "url"; url: string }
  | { kind: "folder"; folder: string }
  | { kind: "demo" };

/** The command line, checked. */
export interface Arguments {
  target: Target;
  /** Name of the backend to run on; undefined leaves the choice to the library. */
  backend: string | undefined;
  /** Most requests in flight at a time. */
  concurrency: number;
  /** Milliseconds one attempt at a request may take, body included. */
  timeout: number;
  /** File to write the whole report to. */
  json: string | undefined;
}

interface Options {
  backend?: string;
  concurrency: number;
  timeout: number;
  json?: string;
}

/**
 * Reads the command line.
 *
 * Throws commander's `CommanderError`, with `exitCode` 0 after it printed the help and otherwise
 * with a message that names the value and the way to correct it.
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const command = new Command("linkcheck")
    .description("Crawls a site and reports broken links and anchors.")
    .argument("[target]", "URL or folder to check; default: the documentation in this checkout")
    .option("--backend <name>", "run on this anywhen backend")
    .option("--concurrency <n>", "most requests in flight at a time", wholeNumber, 16)
    .option("--timeout <ms>", "time for one attempt at a request", wholeNumber, 10_000)
    .option("--json <file>", "write the whole report to this file", writablePath)
    .addHelpText("after", "\nExit code: 0 no broken links, 1 some, 2 bad arguments, 130 stopped.")
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  // `pnpm demo -- --json x` hands the separator on.
  command.parse(argv[0] === "--" ? argv.slice(1) : argv, { from: "user" });

  const { backend, concurrency, timeout, json } = command.opts<Options>();
  return { target: parseTarget(command, command.args[0]), backend, concurrency, timeout, json };
}

function parseTarget(command: Command, text: string | undefined): Target {
  if (text === undefined) return { kind: "demo" };
  if (/^https?:\/\//i.test(text)) {
    if (URL.canParse(text)) return { kind: "url", url: text };
    return command.error(`error: "${text}" is not a valid URL. Write it as https://example.com/.`);
  }
  const folder = resolve(text);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory()) return { kind: "folder", folder };
  const problem = stats ? "is a file, not a folder" : "is neither a folder nor an http(s) URL";
  return command.error(
    `error: "${text}" ${problem}. Give an existing folder, or a URL such as https://example.com/.`,
  );
}

function wholeNumber(text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value;
  throw new InvalidArgumentError("Give a whole number of at least 1.");
}

function writablePath(text: string): string {
  const path = resolve(text);
  if (!existsSync(dirname(path))) {
    throw new InvalidArgumentError(`There is no folder ${dirname(path)}; create it first.`);
  }
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new InvalidArgumentError("It is a folder; name a file in it.");
}
