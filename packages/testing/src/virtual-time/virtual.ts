import {
  type BackendSpec,
  findBackend,
  type VirtualBackend,
  type VirtualClockOptions,
  withVirtualClock,
} from "@anywhen/core";
import { lateBackend } from "./late-backend.ts";

export interface VirtualOptions extends VirtualClockOptions {
  /** What hosts the tasks. Default: as for `run()`. */
  backend?: BackendSpec;
}

/**
 * A backend in virtual time, on any backend in live time: its `clock` stands still while a task runs
 * or awaits a promise of the outside, and moves to the next deadline or sleep when all tasks wait. A
 * run that can make no progress fails with `DeadlockError` at once. [D1]
 *
 * @throws RangeError or TypeError for options that make no sense; UsageError for a backend whose time
 * is virtual already, such as RxJS on a `VirtualTimeScheduler`. A backend by name that is not there
 * makes `run()` reject with BackendNotFoundError.
 *
 * @example
 * await run(async () => { await sleep(3_600_000); }, { backend: virtual() });
 */
export function virtual(options: VirtualOptions = {}): VirtualBackend {
  const { backend, ...clock } = options;
  const found = findBackend(backend);
  if (!(found instanceof Promise)) return withVirtualClock(found, clock);
  const name = typeof backend === "string" ? backend : "the default";
  return withVirtualClock(lateBackend(name, found), clock);
}
