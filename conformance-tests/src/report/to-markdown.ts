import {
  brokenStatuses,
  type ConformanceReport,
  type ReportedCase,
  type ReportStatus,
} from "./conformance-report.ts";
import { escapeCell } from "./escape.ts";
import { levelLine } from "./level-line.ts";
import { mergeReports, type Matrix, type MatrixRow } from "./matrix.ts";
import { statusGlyph } from "./status-glyph.ts";
import { withoutTitle } from "./without-title.ts";

/** The reports as Markdown: a table of backends and runtimes, then what is to be done, then what was left out. */
export function toMarkdown(reports: readonly ConformanceReport[]): string {
  const matrix = mergeReports(reports);
  return [
    "# Conformance",
    "",
    ...summary(matrix),
    ...section(matrix, "To do", brokenStatuses),
    ...section(matrix, "Known failures", ["expected-fail"]),
    ...section(matrix, "Skipped", ["skip"]),
    "",
  ].join("\n");
}

function summary({ columns }: Matrix): string[] {
  const suites = [...new Set(columns.map(({ report }) => report.suite.version))];
  return [
    "| backend | runtime | result | seconds |",
    "| --- | --- | --- | --- |",
    ...columns.map(({ backend, runtime, report }) => {
      const seconds = (report.durationMs / 1_000).toFixed(1);
      return `| ${escapeCell(backend)} | ${escapeCell(runtime)} | ${resultOf(report)} | ${seconds} |`;
    }),
    "",
    `Suite ${suites.join(", ")}. ${legend}`,
  ];
}

const legend = Object.entries(statusGlyph)
  .map(([status, glyph]) => `${glyph} ${status}`)
  .join(", ");

function resultOf(report: ConformanceReport): string {
  const others = Object.entries(report.totals)
    .filter(([status, count]) => status !== "pass" && count > 0)
    .map(([status, count]) => `, ${count} ${status}`);
  return `${levelLine(report)}${others.join("")}`;
}

/** Nothing, or a heading and the cases that have one of `statuses` anywhere, by rule. */
function section(matrix: Matrix, title: string, statuses: readonly ReportStatus[]): string[] {
  const concerned = ({ results }: MatrixRow): boolean =>
    results.some(({ status }) => statuses.includes(status));
  const rules = matrix.rules
    .map((rule) => ({ ...rule, open: rule.rows.filter(concerned) }))
    .filter(({ open }) => open.length > 0);
  if (rules.length === 0) return [];
  return [
    "",
    `## ${title}`,
    ...rules.flatMap(({ rule, area, open, rows }) => [
      "",
      `### ${rule}, ${escapeCell(area)}: ${open.length} of ${rows.length} cases`,
      "",
      ...open.flatMap((row) => entry(matrix, row, statuses)),
    ]),
  ];
}

function entry(matrix: Matrix, row: MatrixRow, statuses: readonly ReportStatus[]): string[] {
  const { id, title, level } = row.case;
  return [
    `- **${id}** (${level}) ${escapeCell(title)}`,
    ...[...placesByMessage(matrix, row, statuses)].map(
      ([message, { status, places }]) =>
        `  - ${statusGlyph[status]} ${status} ${escapeCell(places.join(", "))}: ${escapeCell(message)}`,
    ),
  ];
}

/** The same message on many runtimes is said once. */
function placesByMessage(
  { columns }: Matrix,
  row: MatrixRow,
  statuses: readonly ReportStatus[],
): Map<string, { status: ReportStatus; places: string[] }> {
  const found = new Map<string, { status: ReportStatus; places: string[] }>();
  row.results.forEach((result: ReportedCase, index) => {
    const column = columns[index];
    if (column === undefined || !statuses.includes(result.status)) return;
    const message = withoutTitle(result);
    const known = found.get(message) ?? { status: result.status, places: [] };
    known.places.push(`on ${column.backend} (${column.runtime})`);
    found.set(message, known);
  });
  return found;
}
