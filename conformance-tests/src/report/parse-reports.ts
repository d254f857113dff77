import { suiteVersion } from "../suite-version.ts";
import { reportStatuses, schemaVersion, type ConformanceReport } from "./conformance-report.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads what was written as a JSON report: one report, or an array of them.
 *
 * @param text the JSON
 * @param source where it comes from, for error messages
 * @throws Error if it is no JSON, no report, or of a schema that this version does not know
 */
export function parseReports(text: string, source: string): ConformanceReport[] {
  const parsed = parseJson(text, source);
  const reports = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed];
  if (reports.length === 0) throw new Error(`${source} holds no report: the array is empty`);
  return reports.map((report, index) =>
    checked(report, Array.isArray(parsed) ? `${source}[${index}]` : source),
  );
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${source} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

function checked(value: unknown, source: string): ConformanceReport {
  if (!isObject(value) || !("schemaVersion" in value)) {
    throw new Error(
      `${source} is no conformance report: it has no schemaVersion. Give a file that --report json wrote.`,
    );
  }
  const version = value["schemaVersion"];
  if (typeof version === "number" && version > schemaVersion) {
    throw new Error(
      `${source} has schema version ${version}, and this suite (${suiteVersion}) reads up to ${schemaVersion}. Use a newer @anywhen/conformance.`,
    );
  }
  const fault = version === schemaVersion ? faultOf(value) : `schemaVersion is ${show(version)}`;
  if (fault !== undefined) {
    throw new Error(`${source} is a damaged conformance report: ${fault}. Write it anew.`);
  }
  return value as unknown as ConformanceReport;
}

/** What keeps `report` from being one; undefined if nothing does. */
function faultOf(report: Json): string | undefined {
  const { suite, backend, runtime, cases } = report;
  if (!hasStrings(suite, "name", "version")) return "suite has no name or version";
  if (!hasStrings(backend, "name")) return "backend has no name";
  if (!isObject(backend["capabilities"])) return "backend has no capabilities";
  if (!hasStrings(runtime, "name", "version")) return "runtime has no name or version";
  if (!hasStrings(report, "startedAt")) return "startedAt is missing";
  if (typeof report["durationMs"] !== "number") return "durationMs is no number";
  if (!isObject(report["totals"])) return "totals are missing";
  if (!Array.isArray(cases)) return "cases is no array";
  return (cases as unknown[])
    .map((reported, index) => caseFaultOf(reported, `cases[${index}]`))
    .find((fault) => fault !== undefined);
}

function caseFaultOf(reported: unknown, where: string): string | undefined {
  if (!hasStrings(reported, "id", "rule", "area", "title", "level", "clock")) {
    return `${where} lacks an id, rule, area, title, level or clock`;
  }
  const { status, durationMs, message } = reported;
  if (!(reportStatuses as readonly unknown[]).includes(status)) {
    return `${where}.status is ${show(status)}, which is none of ${reportStatuses.join(", ")}`;
  }
  if (typeof durationMs !== "number") return `${where}.durationMs is no number`;
  if (message !== undefined && typeof message !== "string") return `${where}.message is no string`;
  return undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}

function hasStrings(value: unknown, ...keys: string[]): value is Json {
  return isObject(value) && keys.every((key) => typeof value[key] === "string");
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
