import { brokenCases, type ConformanceReport, type ReportedCase } from "./conformance-report.ts";
import { escapeMarkup } from "./escape.ts";
import { mergeReports, type MatrixColumn } from "./matrix.ts";

/** The reports as JUnit XML: a suite for each backend and runtime, a test for each case. */
export function toJUnit(reports: readonly ConformanceReport[]): string {
  const { columns } = mergeReports(reports);
  const counts = columns.map(({ report }) => countsOf(report));
  const sum = (key: keyof Counts): number => counts.reduce((total, one) => total + one[key], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="@anywhen/conformance" tests="${sum("tests")}" failures="${sum("failures")}" errors="0" skipped="${sum("skipped")}" time="${seconds(sum("ms"))}">`,
    ...columns.flatMap(suite),
    "</testsuites>",
    "",
  ].join("\n");
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
  readonly ms: number;
}

function countsOf(report: ConformanceReport): Counts {
  return {
    tests: report.cases.length,
    failures: brokenCases(report).length,
    skipped: report.cases.filter(isSkipped).length,
    ms: report.durationMs,
  };
}

function suite({ backend, runtime, report }: MatrixColumn): string[] {
  const { tests, failures, skipped, ms } = countsOf(report);
  const name = escapeMarkup(`${backend} on ${runtime}`);
  return [
    `  <testsuite name="${name}" tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds(ms)}" timestamp="${escapeMarkup(report.startedAt)}">`,
    ...report.cases.map((one) => test(one, `${backend}.${report.runtime.name}`)),
    "  </testsuite>",
  ];
}

function test(one: ReportedCase, suiteName: string): string {
  const name = escapeMarkup(`${one.id} ${one.title}`);
  const group = escapeMarkup(`${suiteName}.${one.area}`);
  const start = `    <testcase name="${name}" classname="${group}" time="${seconds(one.durationMs)}"`;
  if (one.status === "pass") return `${start}/>`;
  const message = escapeMarkup(one.message ?? one.status);
  const inside = isSkipped(one)
    ? `<skipped message="${message}"/>`
    : `<failure type="${one.status}" message="${message}">${message}</failure>`;
  return `${start}>${inside}</testcase>`;
}

/** JUnit knows no expected failure; readers of it would stop at any other word. */
function isSkipped({ status }: ReportedCase): boolean {
  return status === "skip" || status === "not-run" || status === "expected-fail";
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(4);
}
