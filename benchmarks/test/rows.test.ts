import { describe, expect, it } from "vitest";
import { measureRow } from "../src/measure.ts";
import { loadRow, rowNames } from "../src/rows/index.ts";

const once = { rounds: 1, warmups: 0, scale: 0.001, clock: "wall" as const };

describe.each(rowNames)("row %s", (name) => {
  it("carries its own name and has one baseline, so that ratios can be taken", async () => {
    const row = await loadRow(name);
    expect(row.name).toBe(name);
    expect(row.contenders.filter(({ kind }) => kind === "baseline")).toHaveLength(1);
    expect(row.contenders[0]?.kind).toBe("subject");
  });

  it("measures every contender and judges every target", async () => {
    const row = await loadRow(name);
    const result = await measureRow(row, once);
    expect(result.measurements).toHaveLength(row.contenders.length);
    for (const { samples } of result.measurements) expect(samples).toEqual([expect.any(Number)]);
    expect(result.judgements).toHaveLength(row.targets?.length ?? 0);
  });
});
