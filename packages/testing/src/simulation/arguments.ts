/** @throws TypeError for what is no function */
export function checkMain(main: unknown, caller: string): void {
  if (typeof main === "function") return;
  throw new TypeError(`${caller} takes a function to run, got ${typeof main}`);
}

/** @throws RangeError for what is no number of runs */
export function checkedRuns(runs: unknown): number {
  if (Number.isSafeInteger(runs) && (runs as number) > 0) return runs as number;
  throw new RangeError(`runs is a positive integer, got ${String(runs)}`);
}
