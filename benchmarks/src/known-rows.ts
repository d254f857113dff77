import { rowNames } from "./rows/index.ts";

/**
 * The rows asked for, or all.
 * @throws RangeError for an unknown name
 */
export function knownRows(asked: readonly string[]): readonly string[] {
  const unknown = asked.find((name) => !rowNames.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(`there is no row "${unknown}"; the rows are ${rowNames.join(", ")}`);
  }
  return asked.length > 0 ? asked : rowNames;
}
