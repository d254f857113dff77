import { type VirtualClock } from "@anywhen/core";
import { run, type RunOptions } from "anywhen";
import { virtual, type VirtualOptions } from "./virtual.ts";

export interface WithVirtualTimeOptions extends VirtualOptions, Omit<RunOptions, "backend"> {}

/**
 * Runs `main` as `run()` does, in virtual time, and hands it the clock.
 *
 * @throws what `run()` throws; RangeError or TypeError for options that make no sense
 *
 * @example
 * await withVirtualTime(async (clock) => {
 *   await sleep(3_600_000);
 *   clock.now; // 3600000
 * });
 */
export async function withVirtualTime<T>(
  main: (clock: VirtualClock) => T | PromiseLike<T>,
  options: WithVirtualTimeOptions = {},
): Promise<T> {
  const backend = virtual(options);
  // What is no function, run() refuses.
  const body = typeof main === "function" ? () => main(backend.clock) : main;
  return run(body, { name: main?.name || "main", ...options, backend });
}
