import { cpus, loadavg } from "node:os";
import type { MissingRow, RowResult, Settings } from "./measure.ts";
import { currentVersion } from "./runtime.ts";

/** What the numbers depend on. */
export interface Environment {
  /** As in "node 24.2.0". */
  readonly runtime: string;
  /** As in "V8 13.6". */
  readonly engine: string;
  readonly machine: string;
  /** Of the last minute, before the first row: above the half of the cores, distrust the times. */
  readonly load: number;
  readonly date: string;
}

/** All that was measured on one runtime. */
export interface RuntimeResults {
  /** As asked for: "node@24". */
  readonly name: string;
  readonly environment: Environment;
  readonly rows: readonly (RowResult | MissingRow)[];
}

export interface Results {
  readonly settings: Settings;
  readonly runtimes: readonly RuntimeResults[];
}

/** Of the process that measures. */
export function environment(): Environment {
  const cores = cpus();
  const { v8, webkit } = process.versions as { v8?: string; webkit?: string };
  return {
    runtime: currentVersion,
    engine: webkit === undefined ? `V8 ${v8 ?? "?"}` : `JavaScriptCore ${webkit.slice(0, 7)}`,
    machine: `${cores[0]?.model.trim() ?? "unknown"}, ${cores.length} cores, ${process.platform} ${process.arch}`,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    date: new Date().toISOString().slice(0, 10),
  };
}

/** The results, with those of `newer` in place of the same rows on the same runtimes, in the order of `names`. */
export function merged(older: Results, newer: Results, names: readonly string[]): Results {
  const runtimes = new Map(older.runtimes.map((runtime) => [runtime.name, runtime]));
  for (const { name, environment: around, rows } of newer.runtimes) {
    const all = new Map(
      [...(runtimes.get(name)?.rows ?? []), ...rows].map((row) => [row.name, row]),
    );
    const ordered = names.flatMap((row) => all.get(row) ?? []);
    runtimes.set(name, { name, environment: around, rows: ordered });
  }
  return { settings: newer.settings, runtimes: [...runtimes.values()] };
}
