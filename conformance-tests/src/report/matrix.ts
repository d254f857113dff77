import {
  reportStatuses,
  type ConformanceReport,
  type ReportedCase,
  type ReportStatus,
} from "./conformance-report.ts";

/** One backend on one runtime. */
export interface MatrixColumn {
  readonly backend: string;
  /** "node 20.19.0". */
  readonly runtime: string;
  readonly report: ConformanceReport;
}

/** One case, and what came of it in each column. */
export interface MatrixRow {
  readonly case: ReportedCase;
  /** In the order of the columns. */
  readonly results: readonly ReportedCase[];
}

/** The rows that prove one rule within one area. */
export interface MatrixRule {
  readonly rule: string;
  readonly area: string;
  readonly rows: readonly MatrixRow[];
}

/** Reports of several backends and runtimes side by side: cases down, backend and runtime across. */
export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  /** By area, and within an area by rule, in the suite's order. */
  readonly rules: readonly MatrixRule[];
}

/**
 * Puts reports side by side. Backends keep the order in which they first come, and so do the
 * runtimes of each. A case that a report does not know, because its suite is older, is "not-run".
 *
 * @throws Error if two reports are of the same backend on the same runtime
 */
export function mergeReports(reports: readonly ConformanceReport[]): Matrix {
  const backends = [...new Set(reports.map(({ backend }) => backend.name))];
  const columns = backends.flatMap((name) =>
    reports.filter(({ backend }) => backend.name === name).map(columnOf),
  );
  checkColumns(columns);
  const known = columns.map(({ report }) => new Map(report.cases.map((one) => [one.id, one])));
  const rules = new Map<string, { rule: string; area: string; rows: MatrixRow[] }>();
  for (const found of everyCase(columns)) {
    const { rule, area } = found;
    const key = JSON.stringify([area, rule]);
    const group = rules.get(key) ?? { rule, area, rows: [] };
    rules.set(key, group);
    group.rows.push({
      case: found,
      results: known.map((cases) => cases.get(found.id) ?? notRun(found)),
    });
  }
  return { columns, rules: byArea([...rules.values()]) };
}

/** The status to worry about most. */
export function worstStatus(statuses: readonly ReportStatus[]): ReportStatus {
  const rank = (status: ReportStatus): number => reportStatuses.indexOf(status);
  return statuses.reduce((worst, status) => (rank(status) > rank(worst) ? status : worst));
}

function columnOf(report: ConformanceReport): MatrixColumn {
  const { name, version } = report.runtime;
  return { backend: report.backend.name, runtime: `${name} ${version}`, report };
}

function checkColumns(columns: readonly MatrixColumn[]): void {
  const seen = new Set<string>();
  for (const { backend, runtime } of columns) {
    const key = JSON.stringify([backend, runtime]);
    if (seen.has(key)) {
      throw new Error(
        `two reports are of ${backend} on ${runtime}. Merge only one of them, or give the subjects different names.`,
      );
    }
    seen.add(key);
  }
}

/** Every case that a report knows, as the report that knows it first has it. */
function everyCase(columns: readonly MatrixColumn[]): ReportedCase[] {
  const found = new Map<string, ReportedCase>();
  for (const { report } of columns) {
    for (const one of report.cases) if (!found.has(one.id)) found.set(one.id, one);
  }
  return [...found.values()];
}

function notRun({ message: _message, ...known }: ReportedCase): ReportedCase {
  return { ...known, status: "not-run", durationMs: 0 };
}

/** A newer suite's rules come after the others; they belong beside those of their area. */
function byArea(rules: readonly MatrixRule[]): MatrixRule[] {
  const areas = [...new Set(rules.map(({ area }) => area))];
  return areas.flatMap((area) => rules.filter((rule) => rule.area === area));
}
