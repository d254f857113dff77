import { expect, test } from "vitest";
import { toHtml, toJUnit, toMarkdown } from "../../src/report/index.ts";
import { sampleReport } from "../report/sample-report.ts";
import { Workspace } from "./workspace.ts";

const one = sampleReport();
const other = sampleReport({ backend: "effect", statuses: { "C7.1": "fail" } });

test("merge writes reports of all files together, whatever their results", async () => {
  const workspace = new Workspace();
  workspace.write("one.json", JSON.stringify(one));
  workspace.write("other.json", JSON.stringify(other));
  const args = ["merge", "one.json", "other.json", "--report=html,md,junit,json", "--out=out"];
  const { code, out } = await workspace.run(args);
  expect(code).toBe(0);
  expect(out).toContain("wrote out/conformance.html\n");
  expect(workspace.read("out/conformance.html")).toBe(toHtml([one, other]));
  expect(workspace.read("out/conformance.md")).toBe(toMarkdown([one, other]));
  expect(workspace.read("out/conformance.junit.xml")).toBe(toJUnit([one, other]));
});

test("merged JSON can be merged again", async () => {
  const workspace = new Workspace();
  workspace.write("both.json", JSON.stringify([one, other]));
  const third = sampleReport({ backend: "rxjs" });
  workspace.write("third.json", JSON.stringify(third));
  await workspace.run(["merge", "both.json", "third.json", "--report=json", "--out=."]);
  expect(JSON.parse(workspace.read("conformance.json"))).toEqual([one, other, third]);
});

test.each([
  ["a damaged report", "{}", "bad.json is no conformance report"],
  ["a report of a newer suite", '{"schemaVersion":9}', "Use a newer @anywhen/conformance"],
  ["the same backend and runtime twice", JSON.stringify([one, one]), "two reports are of promise"],
])("%s is refused with exit code 2", async (_what, text, message) => {
  const workspace = new Workspace();
  workspace.write("bad.json", text);
  const { code, error } = await workspace.run(["merge", "bad.json", "--report=md"]);
  expect(code).toBe(2);
  expect(error).toContain(message);
});
