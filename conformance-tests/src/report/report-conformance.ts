import { areas } from "../cases/index.ts";
import { runConformance, type ConformanceOptions } from "../run-conformance.ts";
import type { CaseResult } from "../run-case.ts";
import type { Subject } from "../subject.ts";
import { suiteVersion } from "../suite-version.ts";
import {
  reportStatuses,
  schemaVersion,
  type ConformanceReport,
  type ReportedCase,
  type ReportStatus,
} from "./conformance-report.ts";
import { hostRuntime } from "./host-runtime.ts";

/**
 * Runs the suite on `subject` and resolves with the report, which `JSON.stringify` writes down.
 * Cases that `filter` leaves out, or that come after `signal` has aborted, are "not-run".
 *
 * @example
 * const report = await reportConformance({ name: "mine", create: () => myBackend() });
 * await writeFile("mine.json", JSON.stringify(report));
 */
export async function reportConformance(
  subject: Subject,
  options: ConformanceOptions = {},
): Promise<ConformanceReport> {
  const { capabilities } = await oneBackendOf(subject);
  const startedAt = new Date();
  const start = performance.now();
  const results = await runConformance(subject, options);
  const cases = reportedCases(results);
  return {
    schemaVersion,
    suite: { name: "@anywhen/conformance", version: suiteVersion },
    backend: { name: subject.name, capabilities: { ...capabilities } },
    runtime: hostRuntime(),
    ...(options.seed !== undefined && { seed: options.seed }),
    startedAt: startedAt.toISOString(),
    durationMs: toTenths(performance.now() - start),
    totals: totalsOf(cases),
    cases,
  };
}

async function oneBackendOf(subject: Subject): Promise<ReturnType<Subject["create"]>> {
  const backend = subject.create();
  await subject.dispose?.(backend);
  return backend;
}

function reportedCases(results: readonly CaseResult[]): ReportedCase[] {
  const byId = new Map(results.map((result) => [result.case.id, result]));
  return areas.flatMap((area) =>
    area.cases.map(({ id, rule, title, level, clock }) => {
      const result = byId.get(id);
      const about = { id, rule, area: area.name, title, level, clock };
      if (result === undefined) return { ...about, status: "not-run" as const, durationMs: 0 };
      const { status, message, durationMs } = result;
      return {
        ...about,
        status,
        ...(message !== undefined && { message }),
        durationMs: toTenths(durationMs),
      };
    }),
  );
}

function totalsOf(cases: readonly ReportedCase[]): Record<ReportStatus, number> {
  const totals = Object.fromEntries(reportStatuses.map((status) => [status, 0]));
  for (const { status } of cases) totals[status] = (totals[status] ?? 0) + 1;
  return totals as Record<ReportStatus, number>;
}

function toTenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
