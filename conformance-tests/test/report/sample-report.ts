import type { ConformanceReport, ReportedCase, ReportStatus } from "../../src/report/index.ts";
import { reportStatuses } from "../../src/report/conformance-report.ts";

/** A report of a few made-up cases; `statuses` and `messages` are by id. */
export function sampleReport(
  about: {
    readonly backend?: string;
    readonly runtime?: string;
    readonly version?: string;
    readonly statuses?: Readonly<Record<string, ReportStatus>>;
    readonly messages?: Readonly<Record<string, string>>;
  } = {},
): ConformanceReport {
  const { statuses = {}, messages = {} } = about;
  const made = (id: string, area: string, title: string): ReportedCase => {
    const message = messages[id];
    return {
      id,
      rule: id.split(".")[0] as string,
      area,
      title,
      level: id === "K1.2" ? "should" : "must",
      clock: "none",
      status: statuses[id] ?? "pass",
      ...(message !== undefined && { message }),
      durationMs: 1.5,
    };
  };
  const cases = [
    made("K1.1", "checkpoints", "A checkpoint lets others run"),
    made("K1.2", "checkpoints", "A checkpoint costs little"),
    made("C7.1", "cancel scopes", "A cancelled scope throws"),
  ];
  const count = (status: ReportStatus): number =>
    cases.filter((one) => one.status === status).length;
  return {
    schemaVersion: 1,
    suite: { name: "@anywhen/conformance", version: "1.2.3" },
    backend: {
      name: about.backend ?? "promise",
      capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
    },
    runtime: { name: about.runtime ?? "node", version: about.version ?? "20.19.0" },
    startedAt: "2026-01-02T03:04:05.000Z",
    durationMs: 4.5,
    totals: Object.fromEntries(
      reportStatuses.map((status) => [status, count(status)]),
    ) as ConformanceReport["totals"],
    cases,
  };
}
