import type { Row } from "../row.ts";

/** In the order of the report. Loaded one at a time: a process knows the peers of its own row only. */
const rows: Readonly<Record<string, () => Promise<{ readonly row: Row }>>> = {
  "spawn-join-1": () => import("./spawn-join-1.ts"),
  "spawn-join-10": () => import("./spawn-join-10.ts"),
  "spawn-join-1k": () => import("./spawn-join-1k.ts"),
  "spawn-join-100k": () => import("./spawn-join-100k.ts"),
  "spawn-join-effect": () => import("./spawn-join-effect.ts"),
  "spawn-join-rxjs": () => import("./spawn-join-rxjs.ts"),
  "nested-groups": () => import("./nested-groups.ts"),
  scope: () => import("./scope.ts"),
  "fail-after-fast": () => import("./fail-after-fast.ts"),
  "fail-after-waiting": () => import("./fail-after-waiting.ts"),
  "pending-deadlines": () => import("./pending-deadlines.ts"),
  checkpoint: () => import("./checkpoint.ts"),
  "cancel-waits": () => import("./cancel-waits.ts"),
  "memory-parked-task": () => import("./memory-parked-task.ts"),
  "lock-uncontended": () => import("./lock-uncontended.ts"),
  "lock-contended-100": () => import("./lock-contended-100.ts"),
  "semaphore-uncontended": () => import("./semaphore-uncontended.ts"),
  "semaphore-contended-100": () => import("./semaphore-contended-100.ts"),
  "limiter-uncontended": () => import("./limiter-uncontended.ts"),
  "limiter-contended-100": () => import("./limiter-contended-100.ts"),
  "memory-stream-0": () => import("./memory-stream-0.ts"),
  "memory-stream-1": () => import("./memory-stream-1.ts"),
  "memory-stream-100": () => import("./memory-stream-100.ts"),
  "stream-for-await": () => import("./stream-for-await.ts"),
  "select-2": () => import("./select-2.ts"),
  "select-8": () => import("./select-8.ts"),
  "map-concurrent-64": () => import("./map-concurrent-64.ts"),
  instruments: () => import("./instruments.ts"),
  "import-time": () => import("./import-time.ts"),
  size: () => import("./size.ts"),
};

export const rowNames: readonly string[] = Object.keys(rows);

/** @throws RangeError for an unknown name */
export async function loadRow(name: string): Promise<Row> {
  const load = rows[name];
  if (load === undefined) throw new RangeError(`there is no row "${name}"`);
  return (await load()).row;
}
