import { describe, expect, it } from "vitest";
import { judge } from "../src/judge.ts";
import { withResults } from "../src/markdown-report.ts";
import type { Measurement } from "../src/measure.ts";
import { spreadOf } from "../src/statistics.ts";
import { verdict } from "../src/text-report.ts";

function measurement(name: string, kind: Measurement["kind"], samples: number[]): Measurement {
  const spread = spreadOf(samples);
  return { name, kind, place: "inside run()", samples, spread, ratio: spread };
}

const measured = [
  measurement("ours", "subject", [300, 310, 320]),
  measurement("raw", "baseline", [100, 100, 100]),
];

describe("a target", () => {
  it("is met when the median of the ratios of each round is at most its limit", () => {
    const judgement = judge({ than: "raw", atMost: 4 }, measured, "ns");
    expect(verdict(judgement)).toBe("met: at most 4 × raw (3.1 ×)");
  });

  it("is within noise when its limit lies between the quartiles", () => {
    const judgement = judge({ than: "raw", atMost: 3.08 }, measured, "ns");
    expect(verdict(judgement)).toBe("missed, within noise: at most 3.08 × raw (3.1 ×)");
  });

  it("may be an amount, or one above another contender", () => {
    expect(verdict(judge({ atMost: 200 }, measured, "ns"))).toBe("missed: at most 200 ns (310 ns)");
    expect(verdict(judge({ than: "raw", by: "difference", atMost: 700 }, measured, "bytes"))).toBe(
      "met: at most 700 bytes above raw (210 bytes)",
    );
  });
});

describe("withResults", () => {
  const environment = { node: "v24", v8: "13", machine: "m", load: 0, date: "2026-01-01" };
  const settings = { rounds: 3, warmups: 1, scale: 1, clock: "wall" as const };
  const results = {
    environment,
    settings,
    rows: [
      { name: "row", operation: "o", unit: "ns" as const, measurements: measured, judgements: [] },
    ],
  };

  it("replaces what stands between the markers, and nothing else", () => {
    const document = "# T\n\n<!-- results: begin -->\nold\n<!-- results: end -->\n\nend\n";
    const written = withResults(document, results);
    expect(written).toMatch(/^# T\n\n<!-- results: begin -->\n\nNode v24/);
    expect(written).toContain("| `row` | **ours**  | inside run() | 310 ns (305–315) |");
    expect(written).not.toContain("old");
    expect(written).toMatch(/<!-- results: end -->\n\nend\n$/);
    expect(withResults(written, results)).toBe(written);
  });

  it("throws when the markers are missing", () => {
    expect(() => withResults("# T", results)).toThrow("lacks the lines");
  });
});
