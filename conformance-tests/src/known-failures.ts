import { cases } from "./cases/index.ts";
import type { Subject } from "./subject.ts";

/** Throws if a known failure names no case: a mistyped id would excuse nothing, or the wrong case later. */
export function checkKnownFailures(subject: Subject): void {
  const unknown = Object.keys(subject.knownFailures ?? {}).filter(
    (id) => !cases.some((testCase) => testCase.id === id),
  );
  if (unknown.length === 0) return;
  throw new Error(
    `knownFailures of ${subject.name} names no case of this suite: ${unknown.join(", ")}. Remove it or correct the id.`,
  );
}
