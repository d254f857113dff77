import { expect, test } from "vitest";
import { parseReports } from "../../src/report/index.ts";
import { sampleReport } from "./sample-report.ts";

const parse = (value: unknown): unknown => parseReports(JSON.stringify(value), "a.json");

test("one report and an array of reports are read", () => {
  const one = sampleReport();
  const other = sampleReport({ backend: "effect" });
  expect(parse(one)).toEqual([one]);
  expect(parse([one, other])).toEqual([one, other]);
});

test("what a later version of the same schema adds is no error", () => {
  expect(() => parse({ ...sampleReport(), later: true })).not.toThrow();
});

test("what is no JSON is refused with the name of the file", () => {
  expect(() => parseReports("{", "a.json")).toThrow(/^a\.json is no JSON: /);
});

test.each([
  ["a string", "text", "a.json is no conformance report: it has no schemaVersion"],
  ["other JSON", { name: "x" }, "a.json is no conformance report: it has no schemaVersion"],
  ["nothing", [], "a.json holds no report"],
  [
    "a newer schema",
    { ...sampleReport(), schemaVersion: 2 },
    "a.json has schema version 2, and this suite (source) reads up to 1. Use a newer",
  ],
  ["no version", { ...sampleReport(), schemaVersion: "1" }, 'schemaVersion is "1"'],
  ["one of many", [sampleReport(), 5], "a.json[1] is no conformance report"],
  ["no suite", { ...sampleReport(), suite: {} }, "suite has no name or version"],
  ["no backend", { ...sampleReport(), backend: null }, "backend has no name"],
  ["no capabilities", { ...sampleReport(), backend: { name: "x" } }, "no capabilities"],
  ["no runtime", { ...sampleReport(), runtime: "node" }, "runtime has no name or version"],
  ["no start", { ...sampleReport(), startedAt: 1 }, "startedAt is missing"],
  ["no time", { ...sampleReport(), durationMs: "1" }, "durationMs is no number"],
  ["no totals", { ...sampleReport(), totals: undefined }, "totals are missing"],
  ["no cases", { ...sampleReport(), cases: {} }, "cases is no array"],
  ["a case without id", withCase({ id: undefined }), "cases[2] lacks an id"],
  ["an unknown status", withCase({ status: "ok" }), 'cases[2].status is "ok", which is none of'],
  ["no duration", withCase({ durationMs: null }), "cases[2].durationMs is no number"],
  ["an odd message", withCase({ message: 5 }), "cases[2].message is no string"],
])("%s is refused with what is wrong", (_what, value, message) => {
  expect(() => parse(value)).toThrow(message);
});

function withCase(change: object): object {
  const report = sampleReport();
  return { ...report, cases: report.cases.with(2, { ...report.cases[2], ...change } as never) };
}
