import { expect, test } from "vitest";
import { cases, type Subject } from "../../src/index.ts";
import { levelLine, parseReports, reportConformance } from "../../src/report/index.ts";
import { hostRuntime } from "../../src/report/host-runtime.ts";
import { referenceBackend } from "../reference-backend.ts";

const subject: Subject = { name: "reference", create: referenceBackend };

test("a report tells the suite, the backend, the runtime and every case, run or not", async () => {
  const report = await reportConformance(subject, { filter: ({ rule }) => rule === "C7" });
  expect(report).toMatchObject({
    schemaVersion: 1,
    suite: { name: "@anywhen/conformance", version: "source" },
    backend: {
      name: "reference",
      capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
    },
    runtime: { name: "node", version: process.versions.node },
    totals: { pass: 2, fail: 0, "not-run": cases.length - 2 },
  });
  expect(report.cases.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
  expect(report.cases.find(({ id }) => id === "C7.1")).toMatchObject({
    rule: "C7",
    area: "absorption",
    level: "must",
    clock: "none",
    status: "pass",
  });
});

test("a report has the message of a case that failed", async () => {
  const report = await reportConformance(
    { name: "nameless", create: () => ({ ...referenceBackend(), name: "" }) },
    { filter: ({ rule }) => rule === "B1" },
  );
  const failed = report.cases.filter(({ status }) => status === "fail");
  expect(failed.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^B1: .*its name is a string/),
  ]);
});

test("a report comes back from JSON as it was", async () => {
  const report = await reportConformance(subject, { filter: ({ rule }) => rule === "C7", seed: 3 });
  expect(parseReports(JSON.stringify(report), "a file")).toEqual([report]);
  expect(report.seed).toBe(3);
});

test("a seed decides the order of the run, and the report keeps the suite's order", async () => {
  const orderOf = async (seed?: number): Promise<string[]> => {
    const order: string[] = [];
    const report = await reportConformance(subject, {
      filter: ({ rule }) => rule === "K6",
      onResult: (result) => order.push(result.case.id),
      ...(seed !== undefined && { seed }),
    });
    expect(report.cases.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
    return order;
  };
  const own = await orderOf();
  const first = await orderOf(1);
  expect(own).toEqual(cases.filter(({ rule }) => rule === "K6").map(({ id }) => id));
  expect(await orderOf(1)).toEqual(first);
  expect(first).not.toEqual(own);
  expect(await orderOf(2)).not.toEqual(first);
  expect(first.toSorted()).toEqual(own.toSorted());
});

test("once the signal has aborted no further case is started, and the rest is not-run", async () => {
  const controller = new AbortController();
  const report = await reportConformance(subject, {
    signal: controller.signal,
    onResult: () => controller.abort(),
  });
  expect(report.totals).toMatchObject({ pass: 1, "not-run": cases.length - 1 });
});

test("the backend that is asked for its capabilities is disposed of", async () => {
  const disposed: string[] = [];
  await reportConformance(
    { ...subject, dispose: ({ name }) => void disposed.push(name) },
    { filter: () => false },
  );
  expect(disposed).toEqual(["reference"]);
});

test("the line of levels counts what passed of what applies", async () => {
  const report = await reportConformance(subject, { filter: ({ rule }) => rule === "C7" });
  const level = (name: string): number => cases.filter((one) => one.level === name).length;
  expect(levelLine(report)).toBe(`must 2/${level("must")} · should 0/${level("should")}`);
  const skipped = report.cases.map((one) =>
    one.status === "pass" ? one : { ...one, status: "skip" as const },
  );
  expect(levelLine({ ...report, cases: skipped })).toBe("must 2/2 · should 0/0");
});

test.each([
  [
    { Deno: { version: { deno: "2.1.0" } }, process },
    { name: "deno", version: "2.1.0" },
  ],
  [
    { Bun: { version: "1.4.0" }, process },
    { name: "bun", version: "1.4.0" },
  ],
  [{ process: { versions: { node: "22.0.0" } } }, { name: "node", version: "22.0.0" }],
  [
    { navigator: { userAgent: "Cloudflare-Workers" }, process: { versions: { node: "22.0.0" } } },
    { name: "workerd", version: "unknown" },
  ],
  [
    { navigator: { userAgent: "Mozilla/5.0 Chrome/140.0.1 Safari/537" } },
    { name: "browser", version: "140.0.1" },
  ],
  [{}, { name: "unknown", version: "unknown" }],
])("the runtime is told by what the host offers (%#)", (host, expected) => {
  expect(hostRuntime(host)).toEqual(expected);
});
