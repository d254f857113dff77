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
  /** The other contender, if there is one. */
  readonly than: string | undefined;
  /** What the subject's median may be at most, in the row's unit. */
  readonly limit: number;
}

/** Compares the row's first subject with a target, round by round; the median decides. */
export function judge(
  target: Target,
  measurements: readonly Measurement[],
  unit: Row["unit"],
): Judgement {
  const { than, by = "ratio", atMost } = target;
  const subject = the(measurements, ({ kind }) => kind === "subject", "a subject");
  const other =
    than === undefined ? undefined : the(measurements, ({ name }) => name === than, than);
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
    than,
    limit: limitOf(atMost, isRatio, other?.spread.median),
  };
}

function limitOf(atMost: number, isRatio: boolean, beside: number = 0): number {
  return isRatio ? beside * atMost : beside + atMost;
}

function ratioText(atMost: number, than: string): string {
  if (atMost === 1) return `no slower than ${than}`;
  if (atMost <= 0.5) return `at least ${times(1 / atMost)} faster than ${than}`;
  return `at most ${times(atMost)} ${than}`;
}

function asRatio(ratio: number, atMost: number): string {
  return atMost <= 0.5 ? `${times(1 / ratio)} faster` : times(ratio);
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
