import type { ConformanceReport } from "../report/conformance-report.ts";
import { toHtml } from "../report/to-html.ts";
import { toJUnit } from "../report/to-junit.ts";
import { toMarkdown } from "../report/to-markdown.ts";

interface Writer {
  readonly ending: string;
  readonly write: (reports: readonly ConformanceReport[]) => string;
}

const formats: Readonly<Record<Format, Writer>> = {
  json: { ending: "json", write: toJson },
  junit: { ending: "junit.xml", write: toJUnit },
  html: { ending: "html", write: toHtml },
  md: { ending: "md", write: toMarkdown },
};

/** A kind of report. */
export type Format = "json" | "junit" | "html" | "md";

/** Every kind of report. */
export const formatNames: readonly Format[] = Object.keys(formats) as Format[];

/** Whether `name` names a kind of report. */
export function isFormat(name: string): name is Format {
  return Object.hasOwn(formats, name);
}

/** How the names of files of this kind end. */
export function endingOf(format: Format): string {
  return formats[format].ending;
}

/** The reports in the format asked for. */
export function inFormat(format: Format, reports: readonly ConformanceReport[]): string {
  return formats[format].write(reports);
}

/** One report stands for itself; several are an array. */
function toJson(reports: readonly ConformanceReport[]): string {
  return `${JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 1)}\n`;
}
