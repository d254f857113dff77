import { backendMutants } from "./backend-mutants.ts";
import { coreMutants } from "./core-mutants.ts";
import type { Mutant } from "./mutant.ts";

/** Every mutant that the suite must catch. */
export const mutants: readonly Mutant[] = [...coreMutants, ...backendMutants];
