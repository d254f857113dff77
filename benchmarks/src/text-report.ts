import { aligned } from "./aligned.ts";
import { amount, digits, times } from "./numbers.ts";
import type { Judgement } from "./judge.ts";
import { isMeasured, type MissingRow, type RowResult } from "./measure.ts";
import type { Environment } from "./results.ts";
import type { Spread } from "./statistics.ts";

export function environmentLine({ runtime, engine, machine, load, date }: Environment): string {
  return `${runtimeTitle(runtime)} (${engine}), ${machine}, load ${load}, ${date}`;
}

/** As in "Node 24.2.0". */
export function runtimeTitle(runtime: string): string {
  return `${runtime.charAt(0).toUpperCase()}${runtime.slice(1)}`;
}

/** One row for a terminal: each contender with time, ratio and quartiles, then the targets. */
export function rowAsText(row: RowResult | MissingRow): string {
  if (!isMeasured(row)) return `\n${row.name}: ${row.missing}`;
  const { name, operation, unit, measurements, judgements } = row;
  const table = measurements.map(({ name: contender, kind, place, spread, ratio }) => [
    `${kind === "subject" ? "*" : " "} ${contender}`,
    place,
    amount(spread.median, unit),
    between(spread),
    times(ratio.median),
    between(ratio),
  ]);
  const verdicts = judgements.map((judgement) => `  ${verdict(judgement)}`);
  return [`\n${name}: ${operation}`, ...aligned(table, 2), ...verdicts].join("\n");
}

/** As in "met: at most 8 × Promise.all (6.1 ×)". */
export function verdict({ target, reached, met, close }: Judgement): string {
  return `${met ? "met" : "missed"}${close ? ", within noise" : ""}: ${target} (${reached})`;
}

function between({ low, high }: Spread): string {
  return `${digits(low)}–${digits(high)}`;
}
