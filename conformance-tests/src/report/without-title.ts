import type { ReportedCase } from "./conformance-report.ts";

/** What a case's message says beyond the id and the title, for where these stand beside it. */
export function withoutTitle({ id, title, message = "" }: ReportedCase): string {
  const prefix = [`${id}: ${title}. `, `${id}: `].find((start) => message.startsWith(start)) ?? "";
  return message.slice(prefix.length);
}
