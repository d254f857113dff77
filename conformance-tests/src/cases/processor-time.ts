import { hostProcess } from "../host-process.ts";

/**
 * Milliseconds that this process has worked; without such a clock, that have passed. What costs time
 * is measured by it, because the machine may be busy otherwise.
 */
export function processorTime(): number {
  const usage = hostProcess()?.cpuUsage?.();
  return usage === undefined ? performance.now() : (usage.user + usage.system) / 1_000;
}
