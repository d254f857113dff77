import { type Extent, lanes } from "./lanes.ts";
import { isMeasured, type Measurement, type RowResult } from "./measure.ts";
import { amount, times } from "./numbers.ts";
import type { Results } from "./results.ts";
import { environmentLine } from "./text-report.ts";

const width = 1000;
const left = 215;
const right = width - 20;
const top = 92;
const laneHeight = 16;
const padding = 7;
/** Of a letter, on average: text cannot be measured without a browser. */
const letter = 6;

/**
 * Each row's contenders on one logarithmic axis, as multiples of the baseline, on the first of the
 * runtimes. An SVG by hand, since the libraries for it want a browser's document or are many times
 * the size of everything here; it follows the reader's light or dark scheme.
 */
export function resultsPlot({ runtimes }: Results): string {
  const [runtime] = runtimes;
  if (runtime === undefined) throw new RangeError("there are no results to plot");
  const rows = runtime.rows.filter(isMeasured);
  const scale = logScale(
    rows
      .flatMap(({ measurements }) => shown(measurements))
      .flatMap(({ ratio }) => [ratio.low, ratio.high]),
  );
  let y = top;
  const drawn: string[] = [];
  for (const [index, row] of rows.entries()) {
    const { svg, height } = rowBand(row, y, scale.at, index % 2 === 1);
    drawn.push(svg);
    y += height;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y + 34}" role="img" aria-labelledby="title description">
<title id="title">anywhen beside its peers</title>
<desc id="description">Per row, the cost of one operation as a multiple of the same written by hand, on a logarithmic axis: further left is cheaper.</desc>
${style}
<rect class="paper" width="${width}" height="${y + 34}"/>
<text class="heading" x="16" y="26">anywhen beside its peers: the cost of one operation, as a multiple of the same written by hand</text>
<text class="note" x="16" y="44">${escaped(environmentLine(runtime.environment))}</text>
${legend(64)}
${drawn.join("\n")}
${axis(scale, y)}
</svg>
`;
}

const style = `<style>
svg { font: 11px system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --band: #818b981a; --ours: #0969da; --peer: #8c959f; --target: #bc4c00; }
@media (prefers-color-scheme: dark) { svg { --paper: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --line: #3d444d; --band: #818b9821; --ours: #4493f8; --peer: #848d97; --target: #f0883e; } }
text { fill: var(--soft); }
.heading { font-size: 14px; font-weight: 600; fill: var(--ink); }
.note { font-size: 10.5px; }
.name { font-weight: 600; fill: var(--ink); }
.ours { fill: var(--ours); stroke: var(--ours); }
.peer { fill: var(--peer); stroke: var(--peer); }
.raw { fill: none; stroke: var(--peer); stroke-width: 1.5; }
.spread { stroke-width: 1.5; }
.grid { stroke: var(--line); }
.one { stroke: var(--soft); stroke-width: 1.5; }
.target { stroke: var(--target); stroke-width: 2; }
.label { fill: var(--soft); stroke: var(--paper); stroke-width: 3; paint-order: stroke; }
.label.ours { font-weight: 600; fill: var(--ours); }
.paper { fill: var(--paper); }
.band { fill: var(--band); }
</style>`;

interface Scale {
  /** Where a ratio lies. */
  at(ratio: number): number;
  /** Powers of ten. */
  readonly ticks: readonly number[];
}

function logScale(ratios: readonly number[]): Scale {
  const low = Math.log10(Math.min(0.5, ...ratios)) - 0.08;
  const high = Math.log10(Math.max(10, ...ratios)) + 0.08;
  const ticks: number[] = [];
  for (let power = Math.ceil(low); power <= high; power++) ticks.push(10 ** power);
  const at = (ratio: number): number =>
    rounded(left + ((Math.log10(ratio) - low) / (high - low)) * (right - left));
  return { at, ticks };
}

/** The baseline is the line at 1, and so, about, is the same outside run(). */
function shown(measurements: readonly Measurement[]): Measurement[] {
  const baseline = measurements.find(({ kind }) => kind === "baseline");
  return measurements.filter(({ name }) => name !== baseline?.name);
}

interface Label extends Extent {
  readonly measurement: Measurement;
  readonly text: string;
  /** Where the text begins, or ends if it stands on the left. */
  readonly at: number;
  readonly onLeft: boolean;
}

/** Beside its dot and quartiles, on the left where there is no room on the right. */
function labelled(measurement: Measurement, at: Scale["at"]): Label {
  const { kind, name, ratio } = measurement;
  const text = `${name} ${times(ratio.median)}`;
  const reach = text.length * letter * (kind === "subject" ? 1.1 : 1);
  const low = Math.min(at(ratio.median) - 9, at(ratio.low) - 4);
  const high = Math.max(at(ratio.median) + 9, at(ratio.high) + 4);
  const onLeft = high + reach > right;
  return onLeft
    ? { measurement, text, at: low, onLeft, from: low - reach, to: high }
    : { measurement, text, at: high, onLeft, from: low, to: high + reach };
}

function rowBand(
  row: RowResult,
  y: number,
  at: Scale["at"],
  shaded: boolean,
): { svg: string; height: number } {
  const labels = shown(row.measurements).map((measurement) => labelled(measurement, at));
  const places = lanes(labels);
  const height = Math.max(2, 1 + Math.max(...places)) * laneHeight + 2 * padding;
  const baseline = row.measurements.find(({ kind }) => kind === "baseline") as Measurement;
  const target = row.judgements.find(({ than }) => than === undefined || than === baseline.name);
  const lines = [
    shaded ? `<rect class="band" x="0" y="${y}" width="${width}" height="${height}"/>` : "",
    `<text class="name" x="16" y="${y + padding + 11}">${escaped(row.name)}</text>`,
    `<text class="note" x="16" y="${y + padding + 26}">1 × = ${escaped(clipped(baseline.name, 24))}</text>`,
    `<line class="one" x1="${at(1)}" x2="${at(1)}" y1="${y}" y2="${y + height}"/>`,
    target === undefined
      ? ""
      : targetTick(at(target.limit / baseline.spread.median), y + 3, height - 6),
    ...labels.map((label, index) =>
      dot(label, row.unit, y + padding + ((places[index] ?? 0) + 0.5) * laneHeight, at),
    ),
  ];
  return { svg: lines.filter((line) => line !== "").join("\n"), height };
}

function targetTick(x: number, y: number, height: number): string {
  return `<line class="target" x1="${x}" x2="${x}" y1="${y}" y2="${y + height}"/>`;
}

function dot(label: Label, unit: RowResult["unit"], y: number, at: Scale["at"]): string {
  const { name, kind, place, spread, ratio } = label.measurement;
  const look = kind === "subject" ? "ours" : kind === "peer" ? "peer" : "raw";
  return [
    `<g><title>${escaped(`${name}, ${place}: ${amount(spread.median, unit)}`)}</title>`,
    `<line class="spread ${look}" x1="${at(ratio.low)}" x2="${at(ratio.high)}" y1="${y}" y2="${y}"/>`,
    `<circle class="${look}" cx="${at(ratio.median)}" cy="${y}" r="${look === "ours" ? 5 : 4}"/>`,
    `<text class="label ${look}" x="${label.at}" y="${y + 4}"${label.onLeft ? ' text-anchor="end"' : ""}>${escaped(label.text)}</text></g>`,
  ].join("");
}

function legend(y: number): string {
  const entry = (x: number, mark: string, text: string): string =>
    `${mark}<text x="${x + 12}" y="${y + 4}">${text}</text>`;
  return [
    entry(22, `<circle class="ours" cx="22" cy="${y}" r="5"/>`, "anywhen"),
    entry(102, `<circle class="peer" cx="102" cy="${y}" r="4"/>`, "library"),
    entry(172, `<circle class="raw" cx="172" cy="${y}" r="4"/>`, "other code by hand"),
    entry(
      302,
      `<line class="one" x1="302" x2="302" y1="${y - 7}" y2="${y + 7}"/>`,
      "the row's baseline, by hand",
    ),
    entry(490, targetTick(490, y - 7, 14), "target for anywhen"),
    entry(
      642,
      `<line class="spread peer" x1="630" x2="648" y1="${y}" y2="${y}"/>`,
      "quartiles; further left is cheaper",
    ),
  ].join("\n");
}

function axis({ at, ticks }: Scale, bottom: number): string {
  return ticks
    .map((tick) => {
      const x = at(tick);
      const line =
        tick === 1
          ? ""
          : `<line class="grid" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" stroke-dasharray="2 3"/>`;
      const words = [top - 6, bottom + 16].map(
        (y) => `<text x="${x}" y="${y}" text-anchor="middle">${escaped(times(tick))}</text>`,
      );
      return [line, ...words].join("");
    })
    .join("\n");
}

function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
