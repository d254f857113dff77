import { describe, expect, it } from "vitest";
import { judge } from "../src/judge.ts";
import type { Measurement, MissingRow, RowResult } from "../src/measure.ts";
import { merged, type Results } from "../src/results.ts";
import { resultsPage } from "../src/results-page.ts";
import { resultsPlot } from "../src/results-plot.ts";
import { spreadOf } from "../src/statistics.ts";
import { rowAsText, verdict } from "../src/text-report.ts";

function measurement(name: string, kind: Measurement["kind"], samples: number[]): Measurement {
  const ratio = spreadOf(samples.map((sample) => sample / 100));
  return { name, kind, place: "inside run()", samples, spread: spreadOf(samples), ratio };
}

const measured = [
  measurement("ours", "subject", [300, 310, 320]),
  measurement("raw", "baseline", [100, 100, 100]),
  measurement("a <peer>", "peer", [900, 1_000, 1_100]),
];

function rowResult(name: string): RowResult {
  const judgements = [judge({ than: "raw", atMost: 4 }, measured, "ns")];
  return { name, operation: "one", unit: "ns", measurements: measured, judgements };
}

function resultsOf(runtimes: Record<string, (RowResult | MissingRow)[]>): Results {
  const settings = { rounds: 3, warmups: 1, scale: 1, clock: "wall" as const };
  const around = { engine: "V8 13", machine: "m", load: 0, date: "2026-01-01" };
  return {
    settings,
    runtimes: Object.entries(runtimes).map(([name, rows]) => ({
      name,
      environment: { runtime: name.replace("@", " "), ...around },
      rows,
    })),
  };
}

describe("a target", () => {
  it("is met when the median of the ratios of each round is at most its limit", () => {
    const judgement = judge({ than: "raw", atMost: 4 }, measured, "ns");
    expect(verdict(judgement)).toBe("met: at most 4 × raw (3.1 ×)");
    expect(judgement.limit).toBe(400);
  });

  it("is within noise when its limit lies between the quartiles", () => {
    const judgement = judge({ than: "raw", atMost: 3.08 }, measured, "ns");
    expect(verdict(judgement)).toBe("missed, within noise: at most 3.08 × raw (3.1 ×)");
  });

  it("may be an amount, or one above another contender", () => {
    expect(verdict(judge({ atMost: 200 }, measured, "ns"))).toBe("missed: at most 200 ns (310 ns)");
    const above = judge({ than: "raw", by: "difference", atMost: 700 }, measured, "bytes");
    expect(verdict(above)).toBe("met: at most 700 bytes above raw (210 bytes)");
    expect(above.limit).toBe(800);
  });

  it("far below one is worded as so many times faster", () => {
    const judgement = judge({ than: "a <peer>", atMost: 0.2 }, measured, "ns");
    expect(verdict(judgement)).toBe("missed: at least 5 × faster than a <peer> (3.23 × faster)");
  });
});

describe("rowAsText", () => {
  it("says what is missing of a row that a runtime cannot measure", () => {
    expect(rowAsText({ name: "row", missing: "no gc()", failed: false })).toBe("\nrow: no gc()");
  });
});

describe("merged", () => {
  it("replaces the rows measured anew, keeps the others, and sorts them", () => {
    const older = resultsOf({ "node@24": [rowResult("b"), rowResult("a")], bun: [rowResult("a")] });
    const failed: MissingRow = { name: "a", missing: "failed", failed: true };
    const newer = resultsOf({ "node@24": [failed, rowResult("c")] });
    const { runtimes } = merged(older, newer, ["a", "b", "c"]);
    expect(runtimes.map(({ name, rows }) => [name, rows.map((row) => row.name)])).toEqual([
      ["node@24", ["a", "b", "c"]],
      ["bun", ["a"]],
    ]);
    expect(runtimes[0]?.rows[0]).toBe(failed);
  });
});

describe("resultsPage", () => {
  it("tells the rounds that each row has had, whatever the settings of the last run were", () => {
    const longer = rowResult("b");
    const [first] = longer.measurements;
    const samples = [1, 2, 3, 4, 5];
    const more = { ...longer, measurements: [{ ...(first as Measurement), samples }] };
    expect(resultsPage(resultsOf({ bun: [rowResult("a")] }))).toContain("Medians of 3 rounds");
    const mixed = resultsPage(resultsOf({ bun: [rowResult("a"), more] }));
    expect(mixed).toContain("Medians of 3 to 5 rounds");
  });

  it("tells no rounds of a runtime on which nothing could be measured", () => {
    const missing: MissingRow = { name: "row", missing: "no heap size", failed: false };
    const empty = resultsPage(resultsOf({ bun: [missing] }));
    expect(empty).toContain("- `row` is not measured: no heap size.");
    expect(empty).not.toMatch(/rounds|Infinity|per operation/);
  });

  const page = resultsPage(
    resultsOf({
      "node@24": [rowResult("row")],
      bun: [{ name: "row", missing: "no heap size", failed: false }, rowResult("other")],
    }),
  );

  it("has one line a target and one column a runtime, empty where it was not measured", () => {
    expect(page).toContain("| row     | target          | Node 24    | Bun        |");
    expect(page).toContain("| `row`   | at most 4 × raw | 3.1 ×, met |            |");
    expect(page).toContain("| `other` | at most 4 × raw |            | 3.1 ×, met |");
  });

  it("has a section for each runtime, which tells what is missing", () => {
    expect(page).toContain("## Node 24\n\nNode 24 (V8 13), m, load 0, 2026-01-01.");
    expect(page).toContain("| `row` | **ours**  | inside run() | 310 ns (305–315)     |");
    expect(page).toContain("## Bun");
    expect(page).toContain("- `row` is not measured: no heap size.");
  });
});

describe("resultsPlot", () => {
  const plot = resultsPlot(resultsOf({ "node@24": [rowResult("row")] }));

  it("draws each contender but the baseline, and the target", () => {
    expect(plot.match(/<circle [^>]*r="5"/g)).toHaveLength(2);
    expect(plot).toContain(">ours 3.1 ×</text>");
    expect(plot).toContain("1 × = raw</text>");
    expect(plot.match(/class="target"/g)).toHaveLength(2);
  });

  it("places what costs more further to the right, on a logarithmic axis", () => {
    const [ours, peer] = ["ours", "peer"].map((look) =>
      Number(new RegExp(`class="${look}" cx="([\\d.]+)" cy="1`).exec(plot)?.[1]),
    ) as [number, number];
    const one = Number(/class="one" x1="([\d.]+)" x2="[\d.]+" y1="92"/.exec(plot)?.[1]);
    expect((ours - one) / (peer - one)).toBeCloseTo(Math.log10(3.1), 2);
  });

  it("escapes names", () => {
    expect(plot).toContain("a &lt;peer&gt; 10 ×");
    expect(plot).not.toContain("<peer>");
  });
});
