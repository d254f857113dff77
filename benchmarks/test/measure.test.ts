import { describe, expect, it } from "vitest";
import { measureRow } from "../src/measure.ts";
import { baseline, Reading, type Row, subject } from "../src/row.ts";

const settings = { rounds: 3, warmups: 1, scale: 1, clock: "wall" as const };

function rowOf(run: (count: number) => Promise<unknown>): Row {
  return {
    name: "row",
    operation: "one",
    unit: "ns",
    operations: 10,
    contenders: [subject("ours", run), ...baseline("raw", async () => new Reading(2))],
  };
}

describe("measureRow", () => {
  it("takes a Reading as it is, and the ratio to the baseline of the same round", async () => {
    const result = await measureRow(
      rowOf(async () => new Reading(6)),
      settings,
    );
    expect(result.measurements[0]?.samples).toEqual([6, 6, 6]);
    expect(result.measurements[0]?.ratio.median).toBe(3);
  });

  it("times a contender whatever it resolves with, a number included", async () => {
    const result = await measureRow(
      rowOf(async () => -1),
      settings,
    );
    expect(result.measurements[0]?.spread.median).toBeGreaterThan(0);
  });

  it("calls contenders in turn, each once unmeasured before each sample, so that what slows the machine slows all of them", async () => {
    const log: string[] = [];
    const row = rowOf(async () => log.push("ours"));
    const raw = baseline("raw", async () => {
      log.push("raw");
      return new Reading(1);
    }).slice(0, 1);
    await measureRow({ ...row, contenders: [...row.contenders.slice(0, 1), ...raw] }, settings);
    const round = ["ours", "ours", "raw", "raw"];
    expect(log).toEqual([...round, ...round, ...round, ...round]);
  });
  it("lets the event loop finish what one contender has left before the next one is called", async () => {
    const log: string[] = [];
    const raw = baseline("raw", async () => {
      log.push("raw");
      return new Reading(1);
    }).slice(0, 1);
    const row = rowOf(async () => {
      log.push("ours");
      setImmediate(() => log.push("left behind"));
      return new Reading(1);
    });
    const once = { ...settings, rounds: 1, warmups: 0 };
    await measureRow({ ...row, contenders: [...row.contenders.slice(0, 1), ...raw] }, once);
    expect(log).toEqual(["ours", "ours", "left behind", "left behind", "raw", "raw"]);
  });
});
