import { describe, expect, test } from "vitest";
import { cases } from "../../src/index.ts";
import { parseReports } from "../../src/report/index.ts";
import { Workspace } from "./workspace.ts";

const fine = "export default { name: 'fine', create: referenceBackend };";
const nameless =
  "export default { name: 'nameless', create: () => ({ ...referenceBackend(), name: '' }) };";

function workspace(module = fine): Workspace {
  const made = new Workspace();
  made.write("mine.ts", module);
  return made;
}

test("a backend that conforms gives exit code 0 and a line that says so", async () => {
  const { code, out, error } = await workspace().run(["mine.ts", "--filter", "C7"]);
  expect([code, error]).toEqual([0, ""]);
  expect(out).toMatch(
    new RegExp(
      `^2 of 2 cases\nfine on node [\\d.]+: ✓ 2 pass, · ${cases.length - 2} not-run in \\d+\\.\\d s\n$`,
    ),
  );
});

test("a case that fails gives exit code 1 and is told with its message", async () => {
  const { code, out } = await workspace(nameless).run(["./mine.ts", "--filter", "B1"]);
  expect(code).toBe(1);
  expect(out).toMatch(/^✗ fail B1: .*its name is a string/m);
});

test("a case that times out gives exit code 1", async () => {
  const module =
    "export default { name: 'deaf', create: () => ({ ...referenceBackend(), reschedule: () => {} }) };";
  const { code, out } = await workspace(module).run(["mine.ts", "--filter=B10.1", "--timeout=20"]);
  expect(code).toBe(1);
  expect(out).toMatch(/^∞ timeout B10\.1: .* had not ended after 20 ms/m);
});

test("a known failure that passes gives exit code 1, one that fails does not", async () => {
  const known = (module: string, id: string): string =>
    module.replace("export default {", `export default { knownFailures: { "${id}": "why" },`);
  const passes = await workspace(known(fine, "C7.1")).run(["mine.ts", "--filter", "C7"]);
  expect(passes.code).toBe(1);
  expect(passes.out).toContain("! unexpected-pass C7.1: this case passes, but is listed");
  const fails = await workspace(known(nameless, "B1")).run(["mine.ts", "--filter", "B1"]);
  expect(fails.code).toBe(0);
  expect(fails.out).toContain("≈ 1 expected-fail");
});

test("the reports asked for are written, each with the backend and the runtime in its name", async () => {
  const made = workspace();
  const args = ["mine.ts", "--filter=C7", "--report", "json,junit", "--report=md,html"];
  const { out } = await made.run([...args, "--out", "out/deep"]);
  const [major] = process.versions.node.split(".");
  const names = ["html", "json", "junit.xml", "md"].map((ending) => `fine.node-${major}.${ending}`);
  expect(made.files("out/deep")).toEqual(names);
  expect(out).toContain(`wrote out/deep/fine.node-${major}.json\n`);
  const [report] = parseReports(made.read(`out/deep/fine.node-${major}.json`), "it");
  expect(report?.totals.pass).toBe(2);
  expect(made.read(`out/deep/fine.node-${major}.html`)).toMatch(/^<!doctype html>/);
});

test("reports go to reports/ unless told otherwise, under a name that is one of a file", async () => {
  const made = workspace("export default { name: 'a/b c', create: referenceBackend };");
  await made.run(["mine.ts", "--filter=C7", "--report=md"]);
  expect(made.files("reports")).toEqual([`a-b-c.node-${process.versions.node.split(".")[0]}.md`]);
});

test("a seed is printed and reported", async () => {
  const made = workspace();
  const { out } = await made.run(["mine.ts", "--filter=C7", "--seed=-7", "--report=json"]);
  expect(out).toMatch(/^seed -7\n/);
  expect(JSON.parse(made.read(`reports/${made.files("reports")[0]}`))).toMatchObject({ seed: -7 });
});

test("a terminal sees the case that ended last on one line, which is cleared at the end", async () => {
  const { out } = await workspace().run(["mine.ts", "--filter", "C7"], true);
  expect(out.split("\r\u001B[2K").slice(0, 4)).toEqual([
    "",
    expect.stringMatching(/^1\/2 C7\.1 A scope cancelled/),
    expect.stringMatching(/^2\/2 C7\.2 A body/),
    expect.stringMatching(/^fine on node/),
  ]);
  expect(out).not.toContain("2 of 2 cases");
});

describe("--filter takes", () => {
  test.each([
    ["an id", "C7.1", ({ id }: { id: string }) => id === "C7.1"],
    ["a rule", "c7", ({ rule }: { rule: string }) => rule === "C7"],
    ["the letter of rules", "C", ({ rule }: { rule: string }) => rule.startsWith("C")],
    [
      "several",
      "C7.2, K2",
      ({ id, rule }: { id: string; rule: string }) => id === "C7.2" || rule === "K2",
    ],
  ])("%s", async (_what, filter, matches) => {
    const { out } = await workspace().run(["--list", "--filter", filter]);
    expect(idsIn(out)).toEqual(cases.filter(matches).map(({ id }) => id));
  });

  test("part of an area's name", async () => {
    const { out } = await workspace().run(["--list", "--filter", "Deadlines"]);
    const ids = idsIn(out);
    expect(ids).toContain("C8.1");
    expect(ids.length).toBeLessThan(cases.length / 4);
  });
});

test("--list lists every case with level, clock and title", async () => {
  const { code, out } = await workspace().run(["--list"]);
  const [first] = cases;
  expect(code).toBe(0);
  expect(idsIn(out)).toEqual(cases.map(({ id }) => id));
  expect(out.split("\n")[0]).toBe([first?.id, first?.level, first?.clock, first?.title].join("\t"));
});

describe("a module may export as default", () => {
  test.each([
    ["a Subject", fine, "fine"],
    ["a function that makes a backend", "export default referenceBackend;", "reference"],
    ["a backend", "export default referenceBackend();", "reference"],
    [
      "a function whose backend has no name: then it is named after the file",
      "export default () => ({ ...referenceBackend(), name: '' });",
      "mine",
    ],
  ])("%s", async (_what, module, name) => {
    const { code, out } = await workspace(module).run(["mine.ts", "--filter", "C7"]);
    expect(code).toBe(0);
    expect(out).toContain(`\n${name} on node`);
  });
});

test("--help tells the options and --version the version of the suite", async () => {
  const help = await workspace().run(["--help"]);
  expect(help).toMatchObject({ code: 0, out: expect.stringContaining("--seed <integer>") });
  expect(await workspace().run(["--version"])).toEqual({ code: 0, out: "source\n", error: "" });
});

function idsIn(list: string): string[] {
  return list.split("\n").flatMap((line) => line.split("\t")[0] || []);
}
