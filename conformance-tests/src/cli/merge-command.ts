import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { mergeReports } from "../report/matrix.ts";
import { parseReports } from "../report/parse-reports.ts";
import type { ConformanceReport } from "../report/conformance-report.ts";
import { BadUsage } from "./bad-usage.ts";
import type { Command } from "./command-line.ts";
import type { Terminal } from "./terminal.ts";
import { writeReports } from "./write-reports.ts";

/** Writes the reports of several JSON files as one; returns the exit code, which says nothing about their results. */
export function mergeCommand(
  { files, output }: Command & { readonly name: "merge" },
  terminal: Terminal,
): number {
  const reports = files.flatMap((file) => readReports(file, terminal.folder));
  try {
    mergeReports(reports);
  } catch (error) {
    throw new BadUsage((error as Error).message);
  }
  writeReports(reports, "conformance", output, terminal);
  return 0;
}

function readReports(file: string, folder: string): ConformanceReport[] {
  try {
    return parseReports(readFileSync(resolve(folder, file), "utf8"), file);
  } catch (error) {
    throw new BadUsage((error as Error).message);
  }
}
