import type { Row } from "./row.ts";

/** Three digits that mean something, and thousands apart. */
export function digits(value: number): string {
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-3))));
  const rounded = Number(value.toFixed(Math.min(decimals, 4)));
  return rounded.toLocaleString("en-GB", { maximumFractionDigits: 4 });
}

/** As in "107 ns" or "700 bytes". */
export function amount(value: number, unit: Row["unit"]): string {
  return `${digits(value)} ${unit}`;
}

/** As in "5 ×". */
export function times(ratio: number): string {
  return `${digits(ratio)} ×`;
}
