import { shown } from "../shown.ts";

/** What a number of things may be. */
interface Bounds {
  readonly least: number;
  readonly orInfinity?: boolean;
}

/**
 * Checks a number of things; `what` names it: "Semaphore: initialValue".
 *
 * @throws TypeError for no number; RangeError for a number that is out of bounds or no whole one
 */
export function checkCount(
  value: unknown,
  what: string,
  { least, orInfinity = false }: Bounds,
): void {
  if (Number.isSafeInteger(value) && (value as number) >= least) return;
  if (orInfinity && value === Infinity) return;
  const wanted = `${what} is a whole number of at least ${least}${orInfinity ? ", or Infinity" : ""}`;
  const message = `${wanted}, got ${shown(value)}`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}
