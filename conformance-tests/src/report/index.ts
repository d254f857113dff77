/** Reports of the conformance suite: JSON is the truth, and the other formats are functions of it. */
export { reportConformance } from "./report-conformance.ts";
export { parseReports } from "./parse-reports.ts";
export {
  mergeReports,
  type Matrix,
  type MatrixColumn,
  type MatrixRow,
  type MatrixRule,
} from "./matrix.ts";
export { toHtml } from "./to-html.ts";
export { toJUnit } from "./to-junit.ts";
export { toMarkdown } from "./to-markdown.ts";
export { levelLine } from "./level-line.ts";
export {
  brokenCases,
  type ConformanceReport,
  type HostRuntime,
  type ReportedCase,
  type ReportStatus,
} from "./conformance-report.ts";
