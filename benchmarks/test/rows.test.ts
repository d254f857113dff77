import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { measureRow } from "../src/measure.ts";
import { whatIsMissing } from "../src/requirements.ts";
import { loadRow, rowNames } from "../src/rows/index.ts";

const once = { rounds: 1, warmups: 0, scale: 0.001, clock: "wall" as const };
const rows = await Promise.all(rowNames.map(loadRow));

describe.each(rows)("row $name", (row) => {
  it("stands under its own name and has one baseline, so that ratios can be taken", async () => {
    expect(await loadRow(row.name)).toBe(row);
    expect(row.contenders.filter(({ kind }) => kind === "baseline")).toHaveLength(1);
    expect(row.contenders[0]?.kind).toBe("subject");
  });

  // Before a build, what users import and ship cannot be measured.
  it.skipIf(whatIsMissing(row))("measures every contender and judges every target", async () => {
    const result = await measureRow(row, once);
    expect(result.measurements).toHaveLength(row.contenders.length);
    for (const { samples } of result.measurements) expect(samples).toEqual([expect.any(Number)]);
    expect(result.judgements).toHaveLength(row.targets?.length ?? 0);
  });
});

it("are explained in the README, each in its line and in this order", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const explained = readme.matchAll(/^\| `([a-z][a-z0-9-]*)`/gm);
  expect(Array.from(explained, ([, name]) => name)).toEqual(rowNames);
});
