import { expect, test } from "vitest";
import { mergeReports } from "../../src/report/index.ts";
import { worstStatus } from "../../src/report/matrix.ts";
import { sampleReport } from "./sample-report.ts";

test("columns stand by backend, in the order in which backends and their runtimes come", () => {
  const { columns } = mergeReports([
    sampleReport({ backend: "a" }),
    sampleReport({ backend: "b" }),
    sampleReport({ backend: "a", runtime: "bun", version: "1.0.0" }),
  ]);
  expect(columns.map(({ backend, runtime }) => `${backend} on ${runtime}`)).toEqual([
    "a on node 20.19.0",
    "a on bun 1.0.0",
    "b on node 20.19.0",
  ]);
});

test("rows stand by area and rule, each with a result for every column", () => {
  const { rules } = mergeReports([
    sampleReport({ backend: "a" }),
    sampleReport({ backend: "b", statuses: { "K1.2": "fail" } }),
  ]);
  expect(
    rules.map(({ area, rule, rows }) => [
      `${area}, ${rule}`,
      rows.map(({ case: { id }, results }) => [id, ...results.map(({ status }) => status)]),
    ]),
  ).toEqual([
    [
      "checkpoints, K1",
      [
        ["K1.1", "pass", "pass"],
        ["K1.2", "pass", "fail"],
      ],
    ],
    ["cancel scopes, C7", [["C7.1", "pass", "pass"]]],
  ]);
});

test("a case that an older suite does not know is not-run there, and stands in its area", () => {
  const newer = sampleReport({ backend: "newer" });
  const older = { ...sampleReport({ backend: "older" }), cases: newer.cases.toSpliced(1, 1) };
  const { rules } = mergeReports([older, newer]);
  expect(rules[0]?.rows.map(({ case: { id } }) => id)).toEqual(["K1.1", "K1.2"]);
  expect(rules[0]?.rows[1]?.results.map(({ status }) => status)).toEqual(["not-run", "pass"]);
});

test("a rule that only a newer suite has stands beside the other rules of its area", () => {
  const older = sampleReport({ backend: "older" });
  const added = { ...older.cases[0], id: "K9.1", rule: "K9" } as (typeof older.cases)[0];
  const newer = { ...sampleReport({ backend: "newer" }), cases: [...older.cases, added] };
  const { rules } = mergeReports([older, newer]);
  expect(rules.map(({ rule }) => rule)).toEqual(["K1", "K9", "C7"]);
});

test("two reports of one backend on one runtime are refused", () => {
  expect(() => mergeReports([sampleReport(), sampleReport()])).toThrow(
    "two reports are of promise on node 20.19.0",
  );
});

test("the worst of several statuses is the one to act on", () => {
  expect(worstStatus(["pass", "fail", "timeout"])).toBe("fail");
  expect(worstStatus(["pass", "skip"])).toBe("skip");
  expect(worstStatus(["expected-fail", "unexpected-pass"])).toBe("unexpected-pass");
});
