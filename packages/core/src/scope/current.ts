import { ambient } from "../context.ts";
import type { CancelScope } from "./cancel-scope.ts";

/** The innermost scope, or undefined outside every scope and run. */
export function currentScope(): CancelScope | undefined {
  return ambient.getStore();
}

/** The soonest deadline that applies here, in ms on the backend's clock; -Infinity if already cancelled; Infinity if none. [C10] */
export function currentEffectiveDeadline(): number {
  const scope = ambient.getStore();
  if (scope === undefined) return Infinity;
  if (scope.cancelled) return -Infinity;
  return typeof scope.fate === "number" ? scope.fate : Infinity;
}

/**
 * The innermost scope's signal; outside every scope, one that never aborts. For `fetch` and other
 * signal-taking APIs: it aborts with the `Cancelled` as its reason, so what they reject with needs
 * no translation. [C18]
 */
export function currentSignal(): AbortSignal {
  return ambient.getStore()?.signal ?? new AbortController().signal;
}
