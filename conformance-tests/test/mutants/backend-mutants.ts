import type { Backend } from "@anywhen/core";
import { referenceBackend } from "../reference-backend.ts";
import { taskMutants } from "./backend/tasks.ts";
import { timerMutants } from "./backend/timers.ts";
import { turnMutants } from "./backend/turns.ts";
import type { BackendMutant } from "./mutant.ts";

/** The reference backend, with one fault each. */
export const backendMutants: readonly BackendMutant[] = [
  ...turnMutants,
  ...timerMutants,
  ...taskMutants,
];

/** The backend of a mutant. */
export function mutantBackend(mutant: BackendMutant): Backend {
  const reference = referenceBackend();
  return { ...reference, ...mutant.mutate(reference) };
}
