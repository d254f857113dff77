import { brokenCases, type ConformanceReport } from "../report/conformance-report.ts";
import { levelLine } from "../report/level-line.ts";
import { reportConformance } from "../report/report-conformance.ts";
import { statusGlyph } from "../report/status-glyph.ts";
import type { Command } from "./command-line.ts";
import { loadSubject } from "./load-subject.ts";
import { Progress } from "./progress.ts";
import { selectCases } from "./select-cases.ts";
import type { Terminal } from "./terminal.ts";
import { watchProcess } from "./watch-process.ts";
import { writeReports } from "./write-reports.ts";

/** Runs the suite on a module and writes the reports; resolves with the exit code. */
export async function runCommand(
  command: Command & { readonly name: "run" },
  terminal: Terminal,
): Promise<number> {
  const selected = selectCases(command.filter);
  const subject = await loadSubject(command.file, terminal.folder);
  if (command.seed !== undefined) terminal.out(`seed ${command.seed}\n`);
  const progress = new Progress(terminal, selected.size);
  const watch = watchProcess();
  const report = await reportConformance(subject, {
    filter: (testCase) => selected.has(testCase),
    signal: watch.signal,
    onResult: (result) => progress.add(result),
    ...(command.seed !== undefined && { seed: command.seed }),
    ...(command.timeoutMs !== undefined && { timeoutMs: command.timeoutMs }),
  }).finally(() => watch.stop());
  progress.end();
  terminal.out(`${summary(report)}\n`);
  writeReports([report], fileNameOf(report), command.output, terminal);
  if (watch.signal.aborted) {
    terminal.error(`stopped after ${progress.last ?? "no case"}: ${String(watch.signal.reason)}\n`);
    return 1;
  }
  return brokenCases(report).length === 0 ? 0 : 1;
}

/** One line: "promise on node 20.19.0: ✓ 718 pass (must 700/700 · should 18/18) in 4.1 s". */
function summary(report: ConformanceReport): string {
  const { backend, runtime, totals, durationMs } = report;
  const counts = Object.entries(totals)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${statusGlyph[status as keyof typeof totals]} ${count} ${status}`);
  // Of a part of the suite, such a line would say little and look bad.
  const levels = totals["not-run"] === 0 ? ` (${levelLine(report)})` : "";
  return (
    `${backend.name} on ${runtime.name} ${runtime.version}: ` +
    `${counts.join(", ")}${levels} in ${(durationMs / 1_000).toFixed(1)} s`
  );
}

/** "promise.node-20": what a file of this report is called, without its ending. */
function fileNameOf({ backend, runtime }: ConformanceReport): string {
  const major = runtime.version.split(".", 1)[0] ?? "";
  return `${backend.name.replaceAll(/[^\w-]+/g, "-")}.${runtime.name}-${major}`;
}
