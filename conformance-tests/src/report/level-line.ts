import type { ConformanceReport } from "./conformance-report.ts";

/**
 * The report in one line, for a badge: `must 700/700 · should 18/18`. Counts what passed of what
 * applies to the backend, so skipped cases are left out and those not run are not.
 */
export function levelLine(report: ConformanceReport): string {
  return (["must", "should"] as const)
    .map((level) => {
      const counted = report.cases.filter(
        (reported) => reported.level === level && reported.status !== "skip",
      );
      const passed = counted.filter(({ status }) => status === "pass");
      return `${level} ${passed.length}/${counted.length}`;
    })
    .join(" · ");
}
