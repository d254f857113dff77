import { amount, digits, times } from "./numbers.ts";
import type { Judgement } from "./judge.ts";
import type { RowResult } from "./measure.ts";
import type { Environment } from "./results.ts";
import type { Spread } from "./statistics.ts";

export function environmentLine({ node, v8, machine, load, date }: Environment): string {
  return `Node ${node} (V8 ${v8}), ${machine}, load ${load}, ${date}`;
}

/** One row for a terminal: each contender with time, ratio and quartiles, then the targets. */
export function rowAsText({ name, operation, unit, measurements, judgements }: RowResult): string {
  const table = measurements.map(({ name: contender, kind, place, spread, ratio }) => [
    `${kind === "subject" ? "*" : " "} ${contender}`,
    place,
    amount(spread.median, unit),
    between(spread),
    times(ratio.median),
    between(ratio),
  ]);
  const verdicts = judgements.map((judgement) => `  ${verdict(judgement)}`);
  return [`\n${name}: ${operation}`, ...aligned(table), ...verdicts].join("\n");
}

/** As in "met: at most 8 × Promise.all (6.1 ×)". */
export function verdict({ target, reached, met, close }: Judgement): string {
  return `${met ? "met" : "missed"}${close ? ", within noise" : ""}: ${target} (${reached})`;
}

function between({ low, high }: Spread): string {
  return `${digits(low)}–${digits(high)}`;
}

/** Pads columns: words to the left, numbers to the right. */
function aligned(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  return table.map((line) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < 2 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  "),
  );
}
