import type { ReportStatus } from "./conformance-report.ts";

/** A sign for each status, so that none is told by its colour alone. */
export const statusGlyph: Readonly<Record<ReportStatus, string>> = {
  pass: "✓",
  skip: "–",
  "not-run": "·",
  "expected-fail": "≈",
  "unexpected-pass": "!",
  timeout: "∞",
  fail: "✗",
};
