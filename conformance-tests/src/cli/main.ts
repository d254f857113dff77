#!/usr/bin/env node
import { writeSync } from "node:fs";
import { runCli } from "./run-cli.ts";

const status = await runCli(process.argv.slice(2), {
  interactive: process.stdout.isTTY === true,
  folder: process.cwd(),
  out: (text) => write(1, text),
  error: (text) => write(2, text),
});
// A backend that lost a task may have left timers behind; they must not keep the command from ending.
process.exit(status);

/** At once, so that nothing is lost when the process ends. A full pipe is tried again. */
function write(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if ((error as { code?: string }).code !== "EAGAIN") throw error;
    }
  }
}
