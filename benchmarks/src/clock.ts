/** What a sample is timed by. */
export type Clock = "wall" | "cpu";

interface CpuUsage {
  readonly user: number;
  readonly system: number;
}

/** Of this thread where Node can tell (24 and later), else of the process with its garbage collectors. */
const cpuUsage: () => CpuUsage =
  (process as { threadCpuUsage?: () => CpuUsage }).threadCpuUsage?.bind(process) ??
  process.cpuUsage.bind(process);

/**
 * Milliseconds that this thread was at work: on a machine that does other things they still compare.
 * The kernel counts in steps of up to four of them, so samples must be long.
 */
function cpuTime(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1_000;
}

let read = (): number => performance.now();

export function useClock(clock: Clock): void {
  read = clock === "cpu" ? cpuTime : () => performance.now();
}

/** Milliseconds by the chosen clock. */
export function milliseconds(): number {
  return read();
}

/** The time that `count` operations took until now, each. */
export function nsPerOperation(since: number, count: number): number {
  return ((read() - since) * 1e6) / count;
}
