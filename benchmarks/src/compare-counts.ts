import type { Counts } from "./count.ts";
import { digits } from "./numbers.ts";

/** What rows cost when the file was written. */
export interface Baseline {
  /** What counted: another version of V8 allocates differently. */
  readonly runtime: string;
  readonly rows: Readonly<Record<string, Counts>>;
}

/** Above what repeated counts of the same code differ by. */
export const margin = 0.05;

export interface Comparison {
  readonly row: string;
  readonly verdict: "same" | "worse" | "better" | "new" | "gone";
  /** The cells of the report: bytes, then promises, each now, before, and how they changed. */
  readonly cells: readonly string[];
}

/** Whether the commit must not pass: a row costs more, or the file does not know the rows. */
export function isFailure({ verdict }: Comparison): boolean {
  return verdict === "worse" || verdict === "new" || verdict === "gone";
}

/** Compares what was counted with the file, row by row. Rows that were not asked for are left out. */
export function compareCounts(
  baseline: Baseline["rows"],
  counted: Baseline["rows"],
  existing: readonly string[],
): Comparison[] {
  const compared = Object.entries(counted).map(([row, now]) => compareRow(row, now, baseline[row]));
  const gone = Object.keys(baseline).filter((row) => !existing.includes(row));
  return [...compared, ...gone.map((row) => ({ row, verdict: "gone" as const, cells: [] }))];
}

function compareRow(row: string, now: Counts, before: Counts | undefined): Comparison {
  const cells = [...cellsOf(now.bytes, before?.bytes), ...cellsOf(now.promises, before?.promises)];
  if (before === undefined) return { row, verdict: "new", cells };
  const changes = [now.bytes / before.bytes, now.promises / before.promises].map(
    (ratio) => ratio - 1,
  );
  const worse = changes.some((change) => change > margin);
  const better = changes.some((change) => change < -margin);
  return { row, verdict: worse ? "worse" : better ? "better" : "same", cells };
}

function cellsOf(now: number, before: number | undefined): string[] {
  if (before === undefined) return [digits(now), "", ""];
  const percent = (now / before - 1) * 100;
  return [digits(now), digits(before), `${percent < 0 ? "" : "+"}${percent.toFixed(1)} %`];
}
