import type { Measurement } from "./measure.ts";
import { amount, times } from "./numbers.ts";
import type { Row, Target } from "./row.ts";
import { spreadOf } from "./statistics.ts";

/** A target, and what came of it, both in words. */
export interface Judgement {
  readonly target: string;
  readonly reached: string;
  readonly met: boolean;
  /** Whether the limit lies between the quartiles: another run may judge otherwise. */
  readonly close: boolean;
}

/** Compares the row's first subject with a target, round by round; the median decides. */
export function judge(
  target: Target,
  measurements: readonly Measurement[],
  unit: Row["unit"],
): Judgement {
  const { than, by = "ratio", atMost } = target;
  const subject = the(measurements, ({ kind }) => kind === "subject", "a subject");
  const other = than && the(measurements, ({ name }) => name === than, than);
  const values = subject.samples.map((sample, round) => {
    if (!other) return sample;
    const beside = other.samples[round] as number;
    return by === "ratio" ? sample / beside : sample - beside;
  });
  const { low, median, high } = spreadOf(values);
  const isRatio = than !== undefined && by === "ratio";
  return {
    target: isRatio ? ratioText(atMost, than) : differenceText(atMost, than, unit),
    reached: isRatio ? asRatio(median, atMost) : amount(median, unit),
    met: median <= atMost,
    close: low <= atMost && atMost <= high,
  };
}

function ratioText(atMost: number, than: string): string {
  if (atMost === 1) return `no slower than ${than}`;
  if (atMost < 1) return `at least ${times(1 / atMost)} faster than ${than}`;
  return `at most ${times(atMost)} ${than}`;
}

function asRatio(ratio: number, atMost: number): string {
  return atMost < 1 ? `${times(1 / ratio)} faster` : times(ratio);
}

function differenceText(atMost: number, than: string | undefined, unit: Row["unit"]): string {
  return `at most ${amount(atMost, unit)}${than === undefined ? "" : ` above ${than}`}`;
}

function the(
  measurements: readonly Measurement[],
  wanted: (measurement: Measurement) => boolean,
  what: string,
): Measurement {
  const found = measurements.find(wanted);
  if (found === undefined) throw new Error(`the row has no contender that is ${what}`);
  return found;
}
