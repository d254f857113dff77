import { AssertionError } from "./assertion-error.ts";
import { shown } from "./shown.ts";

/**
 * Asserts that a log holds these entries: each in its place, those of a `Set` together, in any order
 * among themselves. For what several tasks wrote of whom only some had to wait for each other [T20].
 * Entries are compared with `Object.is`; one that may come twice in an island is logged under two names.
 *
 * @throws AssertionError that shows where the log goes astray; TypeError for what is no array
 *
 * @example
 * assertSequence(log, ["open", new Set(["left", "right"]), "close"]);
 */
export function assertSequence<T>(
  log: readonly T[],
  expected: readonly (T | ReadonlySet<T>)[],
): void {
  checkArray(log, "log");
  checkArray(expected, "expected sequence");
  let at = 0;
  for (const part of expected) {
    const length = part instanceof Set ? part.size : 1;
    const found = log.slice(at, at + length);
    if (!fits(found, part)) {
      const instead = found.length === 0 ? "the log ends" : `got ${found.map(shown).join(", ")}`;
      throw astray(log, at, `expected ${partShown(part)} here, ${instead}`);
    }
    at += length;
  }
  if (at < log.length) throw astray(log, at, "expected the log to end here");
}

function fits(found: readonly unknown[], part: unknown): boolean {
  if (!(part instanceof Set)) return found.length === 1 && Object.is(found[0], part);
  // As many different entries as the island has, all of them its own.
  return (
    found.length === part.size &&
    new Set(found).size === part.size &&
    found.every((entry) => part.has(entry))
  );
}

function partShown(part: unknown): string {
  if (!(part instanceof Set)) return shown(part);
  return `{ ${Array.from(part, shown).join(", ")} } in any order`;
}

function checkArray(value: unknown, what: string): void {
  if (Array.isArray(value)) return;
  throw new TypeError(`assertSequence(): the ${what} is an array, got ${shown(value)}`);
}

function astray(log: readonly unknown[], at: number, what: string): AssertionError {
  const lines = log.map((entry, index) => `${index === at ? "→" : " "} ${shown(entry)}`);
  if (at >= log.length) lines.push("→ (end)");
  return new AssertionError(`assertSequence(): entry ${at}: ${what}\n${lines.join("\n")}`);
}
