import type { Capability, Clock, Level } from "../case.ts";
import type { CaseStatus } from "../run-case.ts";

/** The schema that this version of the suite writes, and the newest that it reads. */
export const schemaVersion = 1;

/** How a case went, or "not-run": left out by a filter, by an interruption, or unknown to an older suite. */
export type ReportStatus = CaseStatus | "not-run";

/** Every status, the one to worry about least first. */
export const reportStatuses: readonly ReportStatus[] = [
  "pass",
  "skip",
  "not-run",
  "expected-fail",
  "unexpected-pass",
  "timeout",
  "fail",
];

/** Statuses that mean that the subject does not conform, or that its list of known failures is wrong. */
export const brokenStatuses: readonly ReportStatus[] = ["unexpected-pass", "timeout", "fail"];

/** One case in a report. */
export interface ReportedCase {
  readonly id: string;
  readonly rule: string;
  readonly area: string;
  readonly title: string;
  readonly level: Level;
  readonly clock: Clock;
  readonly status: ReportStatus;
  /** Why, unless it passed or was not run. */
  readonly message?: string;
  /** Real milliseconds; 0 if it was not run. */
  readonly durationMs: number;
}

/** A program that JavaScript runs in: "node", "bun", "deno", "workerd" or "browser". */
export interface HostRuntime {
  readonly name: string;
  readonly version: string;
}

/** What one run of the suite found, as plain data: the JSON report. */
export interface ConformanceReport {
  readonly schemaVersion: typeof schemaVersion;
  readonly suite: { readonly name: string; readonly version: string };
  readonly backend: {
    readonly name: string;
    readonly capabilities: Readonly<Record<Capability, boolean>>;
  };
  readonly runtime: HostRuntime;
  /** What the order of the cases was made from; absent: the suite's own order. */
  readonly seed?: number;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Real milliseconds from the first case to the last. */
  readonly durationMs: number;
  readonly totals: Readonly<Record<ReportStatus, number>>;
  /** Every case of the suite, in the suite's order, whatever the order of the run. */
  readonly cases: readonly ReportedCase[];
}

/** The cases that failed, timed out, or passed although they are listed as known failures. */
export function brokenCases(report: ConformanceReport): ReportedCase[] {
  return report.cases.filter(({ status }) => brokenStatuses.includes(status));
}
