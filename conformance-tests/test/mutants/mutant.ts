import type { Backend } from "@anywhen/core";

/** One fault, and what must find it. */
interface Fault {
  /** In words that follow "a core that …" or "a backend that …"; unique. */
  readonly fault: string;
  /**
   * What it breaks: rules ("L1"), of which a case each must catch it, or single cases ("L1.3") that
   * must. The first is the one whose complaint has to name the fault.
   */
  readonly breaks: readonly [string, ...string[]];
  /** What that complaint says about the fault. */
  readonly message: RegExp;
}

/** The core with one fault: a text of one of its files replaced by another. */
export interface CoreMutant extends Fault {
  /** The file, below `packages/core/src`. */
  readonly file: string;
  /** Must be there exactly once; how it is broken into lines does not matter. */
  readonly find: string;
  readonly replace: string;
}

/** The reference backend with one fault. */
export interface BackendMutant extends Fault {
  readonly mutate: (reference: Backend) => Partial<Backend>;
}

export type Mutant = CoreMutant | BackendMutant;

export function isCoreMutant(mutant: Mutant): mutant is CoreMutant {
  return "file" in mutant;
}
