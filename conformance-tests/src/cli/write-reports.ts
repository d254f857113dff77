import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ConformanceReport } from "../report/conformance-report.ts";
import { BadUsage } from "./bad-usage.ts";
import type { Output } from "./command-line.ts";
import { endingOf, inFormat } from "./formats.ts";
import type { Terminal } from "./terminal.ts";

/** Writes a file for each format asked for and says where. The folder is made if it is not there. */
export function writeReports(
  reports: readonly ConformanceReport[],
  name: string,
  { formats, folder }: Output,
  terminal: Terminal,
): void {
  for (const format of formats) {
    const file = join(folder, `${name}.${endingOf(format)}`);
    try {
      mkdirSync(resolve(terminal.folder, folder), { recursive: true });
      writeFileSync(resolve(terminal.folder, file), inFormat(format, reports));
    } catch (error) {
      throw new BadUsage(`${file} cannot be written: ${(error as Error).message}`);
    }
    terminal.out(`wrote ${file}\n`);
  }
}
