import { suiteVersion } from "../suite-version.ts";
import { BadUsage } from "./bad-usage.ts";
import { parseCommandLine, usage } from "./command-line.ts";
import { mergeCommand } from "./merge-command.ts";
import { runCommand } from "./run-command.ts";
import { selectCases } from "./select-cases.ts";
import type { Terminal } from "./terminal.ts";

/** Does what a command line asks for; resolves with the exit code. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await execute(args, terminal);
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error;
    terminal.error(`anywhen-conformance: ${error.message}\n`);
    return 2;
  }
}

async function execute(args: readonly string[], terminal: Terminal): Promise<number> {
  const command = parseCommandLine(args);
  switch (command.name) {
    case "help":
      terminal.out(usage);
      return 0;
    case "version":
      terminal.out(`${suiteVersion}\n`);
      return 0;
    case "list":
      terminal.out(listOf(command.filter));
      return 0;
    case "merge":
      return mergeCommand(command, terminal);
    case "run":
      return runCommand(command, terminal);
  }
}

function listOf(filter: readonly string[]): string {
  return [...selectCases(filter)]
    .map(({ id, level, clock, title }) => `${id}\t${level}\t${clock}\t${title}\n`)
    .join("");
}
