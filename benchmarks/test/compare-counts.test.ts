import { describe, expect, it } from "vitest";
import { compareCounts, isFailure } from "../src/compare-counts.ts";

const baseline = { scope: { bytes: 1_000, promises: 3 } };

describe("compareCounts", () => {
  it.each([
    [{ bytes: 1_049, promises: 3 }, "same", false],
    [{ bytes: 1_051, promises: 3 }, "worse", true],
    [{ bytes: 900, promises: 4 }, "worse", true],
    [{ bytes: 900, promises: 3 }, "better", false],
    [{ bytes: 1_000, promises: 2 }, "better", false],
  ])("judges %j as %s", (counts, verdict, failure) => {
    const [comparison] = compareCounts(baseline, { scope: counts }, ["scope"]);
    expect(comparison?.verdict).toBe(verdict);
    expect(comparison && isFailure(comparison)).toBe(failure);
  });

  it("shows what changed, in percent", () => {
    const [comparison] = compareCounts(baseline, { scope: { bytes: 1_100, promises: 2 } }, [
      "scope",
    ]);
    expect(comparison?.cells).toEqual(["1,100", "1,000", "+10.0 %", "2", "3", "-33.3 %"]);
  });

  it("fails for a row that the file lacks, and for one that exists no more", () => {
    const comparisons = compareCounts(baseline, { checkpoint: { bytes: 1, promises: 1 } }, [
      "checkpoint",
    ]);
    expect(comparisons.map(({ row, verdict }) => [row, verdict])).toEqual([
      ["checkpoint", "new"],
      ["scope", "gone"],
    ]);
    expect(comparisons.every(isFailure)).toBe(true);
  });

  it("leaves out a row that exists and was not counted", () => {
    expect(compareCounts(baseline, {}, ["scope"])).toEqual([]);
  });
});
