import type { Requirement } from "./requirements.ts";

/** Where a contender runs: in a task of `run()`, so in an async context, or in none. */
export type Place = "inside run()" | "outside run()";

/** What a contender is: what is measured, what it is compared to first, other raw code, a library. */
export type Kind = "subject" | "baseline" | "raw" | "peer";

/** One way to do the work of a row. */
export interface Contender {
  readonly name: string;
  readonly kind: Kind;
  readonly place: Place;
  /** The part of the row's operations that makes a sample of it: slow ones do fewer, fast ones more. */
  readonly share: number;
  /**
   * Does `count` operations. Resolves with a `Reading` if it took the measure itself: where setting
   * up is no part of it, or where it is no time. Else the whole call is timed.
   */
  run(count: number): Promise<unknown>;
}

/** A measure per operation that a contender took itself, in the row's unit. */
export class Reading {
  readonly perOperation: number;

  constructor(perOperation: number) {
    this.perOperation = perOperation;
  }
}

/** What the row's first subject should reach. */
export interface Target {
  /** The contender it is compared to; without one the limit is in the row's unit. */
  readonly than?: string;
  readonly atMost: number;
  /** Default "ratio": the subject divided by the other. */
  readonly by?: "ratio" | "difference";
}

export interface Row {
  readonly name: string;
  /** One sentence for the README: what one operation is. */
  readonly operation: string;
  readonly unit: "ns" | "ms" | "bytes";
  /** Operations of one sample; some ten milliseconds' worth for the faster contenders. */
  readonly operations: number;
  readonly contenders: readonly Contender[];
  readonly targets?: readonly Target[];
  readonly requires?: readonly Requirement[];
  /** Whether `pnpm bench:check` counts what the first subject allocates. Default true. */
  readonly counted?: boolean;
}

type Work = Contender["run"];

export function subject(name: string, run: Work, share = 1): Contender {
  return { name, kind: "subject", place: "inside run()", share, run };
}

/**
 * Raw Promises, the measure of the row: inside `run()`, under the same conditions as the subject,
 * and outside, where they are cheaper because no async context is carried along.
 */
export function baseline(name: string, run: Work, share = 1): Contender[] {
  return [
    { name, kind: "baseline", place: "inside run()", share, run },
    { name, kind: "raw", place: "outside run()", share, run },
  ];
}

/** Other code by hand, beside the baseline. */
export function raw(name: string, run: Work, share = 1): Contender {
  return { name, kind: "raw", place: "inside run()", share, run };
}

/** A library, where its users run it: outside `run()`. */
export function peer(name: string, run: Work, share = 1): Contender {
  return { name, kind: "peer", place: "outside run()", share, run };
}
