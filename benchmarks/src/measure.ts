import { run } from "anywhen";
import { type Clock, milliseconds, nsPerOperation, useClock } from "./clock.ts";
import { judge, type Judgement } from "./judge.ts";
import { type Contender, type Kind, type Place, Reading, type Row } from "./row.ts";
import { type Spread, spreadOf } from "./statistics.ts";

export interface Settings {
  readonly rounds: number;
  /** Rounds that are run first and not counted. */
  readonly warmups: number;
  /** Scales the operations of every sample. */
  readonly scale: number;
  readonly clock: Clock;
}

export const defaultSettings: Settings = { rounds: 9, warmups: 2, scale: 1, clock: "wall" };

export interface Measurement {
  readonly name: string;
  readonly kind: Kind;
  readonly place: Place;
  /** Per operation, one a round, in the row's unit. */
  readonly samples: readonly number[];
  readonly spread: Spread;
  /** To the baseline of the same round. */
  readonly ratio: Spread;
}

/** A row that could not be measured on a runtime. */
export interface MissingRow {
  readonly name: string;
  /** What the runtime lacks, or how the row failed there. */
  readonly missing: string;
  readonly failed: boolean;
}

export interface RowResult {
  readonly name: string;
  readonly operation: string;
  readonly unit: Row["unit"];
  readonly measurements: readonly Measurement[];
  readonly judgements: readonly Judgement[];
}

/** Whether there is anything to show of a row. */
export function isMeasured(row: RowResult | MissingRow): row is RowResult {
  return !("missing" in row);
}

/**
 * Measures every contender once a round, in turn (A B C A B C …), so that whatever slows the machine
 * down for a while slows all of them, and ratios are taken within a round. Before each sample what the
 * one before has left for the event loop is done, such as a timer that makes others cheaper, garbage
 * is collected, and the contender does as much unmeasured: at a collection V8 drops what it has
 * compiled for objects of which none is left, and not how soon it compiles again is to be measured.
 */
export async function measureRow(row: Row, settings: Settings): Promise<RowResult> {
  const { rounds, warmups, scale } = settings;
  useClock(settings.clock);
  const samples = row.contenders.map((): number[] => []);
  for (let round = -warmups; round < rounds; round++) {
    for (const [index, contender] of row.contenders.entries()) {
      const count = Math.max(1, Math.round(row.operations * contender.share * scale));
      await turn();
      globalThis.gc?.();
      if (row.unit === "ns") await sampleOf(contender, count);
      const sample = await sampleOf(contender, count);
      if (row.unit === "ns" && sample <= 0)
        throw new RangeError(`${contender.name}: shorter than the clock can see, raise --scale`);
      if (round >= 0) samples[index]?.push(sample);
    }
  }
  const basis = samples[row.contenders.findIndex(({ kind }) => kind === "baseline")] as number[];
  const measurements = row.contenders.map(({ name, kind, place }, index): Measurement => {
    const own = samples[index] as number[];
    const ratios = own.map((sample, round) => sample / (basis[round] as number));
    return { name, kind, place, samples: own, spread: spreadOf(own), ratio: spreadOf(ratios) };
  });
  const { name, operation, unit, targets = [] } = row;
  const judgements = targets.map((target) => judge(target, measurements, unit));
  return { name, operation, unit, measurements, judgements };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function sampleOf(contender: Contender, count: number): Promise<number> {
  const timed = async (): Promise<number> => {
    const start = milliseconds();
    const own = await contender.run(count);
    return own instanceof Reading ? own.perOperation : nsPerOperation(start, count);
  };
  return contender.place === "inside run()" ? run(timed) : timed();
}
