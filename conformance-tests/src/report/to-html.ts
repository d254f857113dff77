import { brokenCases, type ConformanceReport } from "./conformance-report.ts";
import { escapeMarkup, scriptJson } from "./escape.ts";
import { htmlScript } from "./html-script.ts";
import { htmlStyle } from "./html-style.ts";
import { levelLine } from "./level-line.ts";
import {
  mergeReports,
  worstStatus,
  type Matrix,
  type MatrixColumn,
  type MatrixRule,
} from "./matrix.ts";
import { statusGlyph } from "./status-glyph.ts";

/**
 * The reports as one HTML page that needs nothing else: rules by area down, backends and runtimes
 * across, a filter (also from the address, `page.html#C7`), and the cases behind a cell on click.
 */
export function toHtml(reports: readonly ConformanceReport[]): string {
  const matrix = mergeReports(reports);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    "<title>Conformance</title>",
    `<style>${htmlStyle}</style></head><body>`,
    `<h1>Conformance</h1><p>${escapeMarkup(introduction(matrix))}</p>`,
    controls,
    `<div class="scroll"><table>${head(matrix)}<tbody>${body(matrix)}</tbody></table></div>`,
    "<dialog></dialog>",
    `<script type="application/json" id="data">${scriptJson(dataOf(matrix))}</script>`,
    `<script>${htmlScript}</script></body></html>`,
    "",
  ].join("\n");
}

const legend = Object.entries(statusGlyph)
  .map(([status, glyph]) => `<li><span class="chip ${status}">${glyph} ${status}</span></li>`)
  .join("");

const controls = [
  '<form><input type="search" id="search" aria-label="Filter" placeholder="Filter: a rule, an id, an area, words of a title">',
  '<label><input type="checkbox" id="open"> only what is not all passed</label>',
  '<output id="shown"></output></form>',
  "<noscript><p>Filter and details need JavaScript; the table does not.</p></noscript>",
  `<ul class="legend">${legend}</ul>`,
].join("");

function introduction({ columns, rules }: Matrix): string {
  const suites = [...new Set(columns.map(({ report }) => report.suite.version))].join(", ");
  const cases = rules.reduce((sum, { rows }) => sum + rows.length, 0);
  const broken = columns.reduce((sum, { report }) => sum + brokenCases(report).length, 0);
  const days = columns.map(({ report }) => report.startedAt.slice(0, 10)).toSorted();
  return (
    `${cases} cases of suite ${suites} on ${columns.length} pairs of backend and runtime, ` +
    `${days.at(-1) ?? "never"}: ${broken === 0 ? "nothing is broken" : `${broken} results are to be fixed`}.`
  );
}

function head({ columns }: Matrix): string {
  const backends = [...new Set(columns.map(({ backend }) => backend))];
  const groups = backends.map((backend) => {
    const span = columns.filter((column) => column.backend === backend).length;
    return `<th class="first" colspan="${span}" scope="colgroup">${escapeMarkup(backend)}</th>`;
  });
  const cells = (text: (column: MatrixColumn) => string): string =>
    columns
      .map((column, index) => `<th scope="col"${first(columns, index)}>${text(column)}</th>`)
      .join("");
  const name = ({ report: { runtime } }: MatrixColumn): string =>
    `${escapeMarkup(runtime.name)}<br><span class="version">${escapeMarkup(runtime.version)}</span>`;
  const levels = ({ report }: MatrixColumn): string =>
    `<span class="level">${levelLine(report).replace(" · ", "<br>")}</span>`;
  return [
    `<thead><tr><th rowspan="2" scope="col">rule</th>${groups.join("")}</tr>`,
    `<tr>${cells(name)}</tr>`,
    `<tr><th class="level" scope="row">passed of what applies</th>${cells(levels)}</tr></thead>`,
  ].join("");
}

/** A line between backends. */
function first(columns: readonly MatrixColumn[], index: number): string {
  return startsBackend(columns, index) ? ' class="first"' : "";
}

function startsBackend(columns: readonly MatrixColumn[], index: number): boolean {
  return columns[index]?.backend !== columns[index - 1]?.backend;
}

function body({ columns, rules }: Matrix): string {
  let area: string | undefined;
  return rules
    .map((rule, index) => {
      const heading = rule.area === area ? "" : areaRow(rule.area, columns.length);
      area = rule.area;
      return heading + ruleRow(columns, rule, index);
    })
    .join("\n");
}

function areaRow(area: string, width: number): string {
  const name = escapeMarkup(area);
  return `<tr class="area" data-area="${name}"><th class="area" scope="rowgroup">${name}</th><td colspan="${width}"></td></tr>`;
}

function ruleRow(
  columns: readonly MatrixColumn[],
  { rule, rows }: MatrixRule,
  index: number,
): string {
  const allPassed = rows.every(({ results }) => results.every(({ status }) => status === "pass"));
  const cells = columns.map((_, column) => {
    const statuses = rows.flatMap(({ results }) => results[column]?.status ?? []);
    const worst = worstStatus(statuses);
    const passed = statuses.filter((status) => status === "pass").length;
    const border = startsBackend(columns, column) ? " first" : "";
    const label = `${statusGlyph[worst]} ${passed}/${statuses.length}`;
    return `<td class="${worst}${border}"><button type="button" title="${worst}">${label}</button></td>`;
  });
  const [only] = rows;
  const about = rows.length === 1 && only ? only.case.title : `${rows.length} cases`;
  return `<tr class="rule" data-rule="${index}"${allPassed ? "" : ' data-open="1"'}><th scope="row"><button type="button" aria-expanded="false"><b>${escapeMarkup(rule)}</b> <small>${escapeMarkup(about)}</small></button></th>${cells.join("")}</tr>`;
}

/** What the page's program needs. */
function dataOf({ columns, rules }: Matrix): unknown {
  return {
    glyphs: statusGlyph,
    columns: columns.map(({ backend, runtime }, index) => ({
      backend,
      runtime,
      first: startsBackend(columns, index),
    })),
    rules: rules.map(({ rule, area, rows }) => ({
      rule,
      area,
      cases: rows.map(({ case: { id, title, level, clock }, results }) => ({
        id,
        title,
        level,
        clock,
        results: results.map(({ status, message, durationMs }) => ({
          status,
          message,
          ms: durationMs,
        })),
      })),
    })),
  };
}
