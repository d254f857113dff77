import { expect, test } from "vitest";
import { toHtml, toJUnit, toMarkdown } from "../../src/report/index.ts";
import { sampleReport } from "./sample-report.ts";

const odd = '<b> & "quotes" | \u0001 `code`';

const mixed = sampleReport({
  statuses: { "K1.1": "fail", "K1.2": "skip", "C7.1": "expected-fail" },
  messages: {
    "K1.1": `K1.1: A checkpoint lets others run. But it said ${odd}`,
    "K1.2": "K1.2: skipped, no such thing here",
    "C7.1": "C7.1: A cancelled scope throws. But it does not (known: issue 5)",
  },
});

test("JUnit has a suite for each backend and runtime and a test for each case, escaped", () => {
  const fine = sampleReport({ backend: "effect", runtime: "bun", version: "1.4.5" });
  const message =
    "K1.1: A checkpoint lets others run. But it said &lt;b&gt; &amp; &quot;quotes&quot; | \uFFFD `code`";
  expect(toJUnit([mixed, fine]).split("\n")).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="@anywhen/conformance" tests="6" failures="1" errors="0" skipped="2" time="0.0090">',
    '  <testsuite name="promise on node 20.19.0" tests="3" failures="1" errors="0" skipped="2" time="0.0045" timestamp="2026-01-02T03:04:05.000Z">',
    `    <testcase name="K1.1 A checkpoint lets others run" classname="promise.node.checkpoints" time="0.0015"><failure type="fail" message="${message}">${message}</failure></testcase>`,
    '    <testcase name="K1.2 A checkpoint costs little" classname="promise.node.checkpoints" time="0.0015"><skipped message="K1.2: skipped, no such thing here"/></testcase>',
    '    <testcase name="C7.1 A cancelled scope throws" classname="promise.node.cancel scopes" time="0.0015"><skipped message="C7.1: A cancelled scope throws. But it does not (known: issue 5)"/></testcase>',
    "  </testsuite>",
    '  <testsuite name="effect on bun 1.4.5" tests="3" failures="0" errors="0" skipped="0" time="0.0045" timestamp="2026-01-02T03:04:05.000Z">',
    '    <testcase name="K1.1 A checkpoint lets others run" classname="effect.bun.checkpoints" time="0.0015"/>',
    '    <testcase name="K1.2 A checkpoint costs little" classname="effect.bun.checkpoints" time="0.0015"/>',
    '    <testcase name="C7.1 A cancelled scope throws" classname="effect.bun.cancel scopes" time="0.0015"/>',
    "  </testsuite>",
    "</testsuites>",
    "",
  ]);
});

test.each(["timeout", "unexpected-pass"] as const)("JUnit counts %s as a failure", (status) => {
  const xml = toJUnit([sampleReport({ statuses: { "C7.1": status } })]);
  expect(xml).toContain('tests="3" failures="1"');
  expect(xml).toContain(`<failure type="${status}" message="${status}">`);
});

test("Markdown tells the result of each run, then what is to be done by rule, then the rest", () => {
  expect(toMarkdown([mixed])).toBe(`# Conformance

| backend | runtime | result | seconds |
| --- | --- | --- | --- |
| promise | node 20.19.0 | must 0/2 · should 0/0, 1 skip, 1 expected-fail, 1 fail | 0.0 |

Suite 1.2.3. ✓ pass, – skip, · not-run, ≈ expected-fail, ! unexpected-pass, ∞ timeout, ✗ fail

## To do

### K1, checkpoints: 1 of 2 cases

- **K1.1** (must) A checkpoint lets others run
  - ✗ fail on promise (node 20.19.0): But it said \\<b\\> & "quotes" \\| \u0001 \\\`code\\\`

## Known failures

### C7, cancel scopes: 1 of 1 cases

- **C7.1** (must) A cancelled scope throws
  - ≈ expected-fail on promise (node 20.19.0): But it does not (known: issue 5)

## Skipped

### K1, checkpoints: 1 of 2 cases

- **K1.2** (should) A checkpoint costs little
  - – skip on promise (node 20.19.0): skipped, no such thing here
`);
});

test("Markdown says once what several runtimes say alike", () => {
  const broken = { statuses: { "C7.1": "fail" }, messages: { "C7.1": "C7.1: it broke" } } as const;
  const text = toMarkdown([
    sampleReport(broken),
    sampleReport({ ...broken, runtime: "bun", version: "1.4.5" }),
  ]);
  expect(text).toContain(
    "  - ✗ fail on promise (node 20.19.0), on promise (bun 1.4.5): it broke\n",
  );
});

test("Markdown of runs in which all is well ends with the table", () => {
  expect(toMarkdown([sampleReport()])).not.toContain("##");
});

test("HTML needs nothing else and lets no text of a report become markup", () => {
  const named = sampleReport({
    backend: "<i>mine</i>",
    statuses: { "C7.1": "fail" },
    messages: { "C7.1": "</script><script>alert(1)</script>" },
  });
  const page = toHtml([named, mixed]);
  expect(page).not.toMatch(/https?:|<link|src=|@import|url\(/);
  expect(page).toContain("&lt;i&gt;mine&lt;/i&gt;");
  expect(page).not.toContain("<i>mine");
  expect(page).not.toContain("<script>alert");
});

test("HTML has a row for each rule of an area, with a glyph and a class for each column", () => {
  const page = toHtml([
    sampleReport({ backend: "a" }),
    sampleReport({ statuses: { "K1.2": "fail" } }),
  ]);
  const row = page.split("\n").find((line) => line.includes("<b>K1</b>")) ?? "";
  expect(
    [...row.matchAll(/<td class="([^"]+)">.*?>([^<]+)<\/button>/g)].map((cell) => cell.slice(1)),
  ).toEqual([
    ["pass first", "✓ 2/2"],
    ["fail first", "✗ 1/2"],
  ]);
  expect(row).toContain('data-open="1"');
  expect(page).toContain('data-area="cancel scopes"');
});

test("HTML carries every result for its details", () => {
  const page = toHtml([mixed]);
  const [, json = ""] =
    /<script type="application\/json" id="data">(.*)<\/script>/.exec(page) ?? [];
  const data = JSON.parse(json) as { rules: { cases: { id: string; results: unknown[] }[] }[] };
  expect(data.rules.flatMap(({ cases }) => cases.map(({ id }) => id))).toEqual([
    "K1.1",
    "K1.2",
    "C7.1",
  ]);
  expect(data.rules[0]?.cases[0]?.results).toEqual([
    { status: "fail", message: mixed.cases[0]?.message, ms: 1.5 },
  ]);
});
