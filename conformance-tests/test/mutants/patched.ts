import type { CoreMutant } from "./mutant.ts";

/**
 * The source with the mutant's fault in it.
 *
 * @throws Error that names the mutant if its text is not there, or more than once: the source has
 * changed, and the mutant must follow
 */
export function patched(source: string, { fault, file, find, replace }: CoreMutant): string {
  const wanted = new RegExp(find.trim().split(/\s+/).map(escaped).join("\\s+"), "g");
  const { length } = [...source.matchAll(wanted)];
  if (length === 1) return source.replace(wanted, () => replace);
  throw new Error(
    `the mutant "${fault}" is stale: its text is ${length} times in ${file}, not once: ${find}`,
  );
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
