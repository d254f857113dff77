import type { Measurement, RowResult } from "./measure.ts";
import { amount, digits, times } from "./numbers.ts";
import type { Results } from "./results.ts";
import { environmentLine } from "./text-report.ts";

const beginMarker = "<!-- results: begin -->";
const endMarker = "<!-- results: end -->";

/** Replaces what stands between the markers. */
export function withResults(document: string, results: Results): string {
  const begin = document.indexOf(beginMarker);
  const end = document.indexOf(endMarker);
  if (begin === -1 || end < begin) {
    throw new Error(`the document lacks the lines ${beginMarker} and ${endMarker}`);
  }
  const before = document.slice(0, begin + beginMarker.length);
  return `${before}\n\n${resultsAsMarkdown(results)}\n\n${document.slice(end)}`;
}

/** The targets and what came of them, then everything measured. */
function resultsAsMarkdown({ environment, settings, rows }: Results): string {
  const targets = rows.flatMap(targetLines);
  const measured = rows.flatMap(({ name, unit, measurements }) =>
    measurements.map((measurement) => measurementLine(name, unit, measurement)),
  );
  return [
    `${environmentLine(environment)}. Medians of ${settings.rounds} rounds by the ${settings.clock} clock, quartiles in brackets.`,
    table(["row", "target", "reached", "verdict"], targets),
    table(["row", "contender", "runs", "per operation", "to the baseline"], measured),
  ].join("\n\n");
}

function targetLines({ name, judgements }: RowResult): string[][] {
  return judgements.map(({ target, reached, met, close }) => [
    `\`${name}\``,
    target,
    reached,
    `${met ? "met" : "missed"}${close ? ", within noise" : ""}`,
  ]);
}

function measurementLine(row: string, unit: RowResult["unit"], measured: Measurement): string[] {
  const { name, kind, place, spread, ratio } = measured;
  return [
    `\`${row}\``,
    kind === "subject" ? `**${name}**` : name,
    place,
    `${amount(spread.median, unit)} (${digits(spread.low)}–${digits(spread.high)})`,
    kind === "baseline"
      ? "1"
      : `${times(ratio.median)} (${digits(ratio.low)}–${digits(ratio.high)})`,
  ];
}

/** Padded as the formatter would have it. */
function table(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...body.map((line) => line[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = line(widths.map((width) => "-".repeat(width)));
  return [line(head), rule, ...body.map(line)].join("\n");
}
