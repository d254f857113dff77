import { hostProcess } from "./host-process.ts";

/** Milliseconds that this process has worked; without such a clock, that have passed. */
export function processorTime(): number {
  const usage = hostProcess()?.cpuUsage?.();
  return usage === undefined ? performance.now() : (usage.user + usage.system) / 1_000;
}
