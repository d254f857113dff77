import { cpus, loadavg } from "node:os";
import type { RowResult, Settings } from "./measure.ts";

/** What the numbers depend on. */
export interface Environment {
  readonly node: string;
  readonly v8: string;
  readonly machine: string;
  /** Of the last minute, before the first row: above the half of the cores, distrust the times. */
  readonly load: number;
  readonly date: string;
}

export interface Results {
  readonly environment: Environment;
  readonly settings: Settings;
  readonly rows: readonly RowResult[];
}

export function environment(): Environment {
  const cores = cpus();
  return {
    node: process.version,
    v8: process.versions.v8,
    machine: `${cores[0]?.model.trim() ?? "unknown"}, ${cores.length} cores, ${process.platform} ${process.arch}`,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    date: new Date().toISOString().slice(0, 10),
  };
}
