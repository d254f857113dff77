import { existsSync } from "node:fs";
import type { Row } from "./row.ts";
import { currentKind } from "./runtime.ts";

/** What a row needs of the runtime beyond the common. */
export type Requirement = "heap size" | "built packages";

const built = new URL("../node_modules/anywhen/dist/index.js", import.meta.url);

/** What is said where it is lacking. */
const lacking: Readonly<Record<Requirement, () => string | undefined>> = {
  "heap size": () => {
    // Bun's garbage collector does not tell how much is left so exactly.
    if (currentKind === "bun") return "bun does not tell the exact size of its heap";
    return globalThis.gc === undefined ? "gc() is not exposed" : undefined;
  },
  "built packages": () => (existsSync(built) ? undefined : "anywhen is not built"),
};

/** In words, what this runtime lacks for a row to say anything; undefined if nothing. */
export function whatIsMissing({ requires = [] }: Row): string | undefined {
  const words = requires.flatMap((requirement) => lacking[requirement]() ?? []);
  return words.length === 0 ? undefined : words.join(", ");
}
