import { run } from "@anywhen/core";
import type { Chooser } from "./chooser.ts";
import type { Choices } from "./schedule.ts";
import { Simulator } from "./simulator.ts";

/** What may be said of every simulated run. */
export interface SimulationLimits {
  /** Steps after which a run counts as one that never ends. Default 100,000. */
  maxSteps?: number;
  /** Real milliseconds to wait for a promise that is none of the library's, such as a file's. Default 2,000. */
  patience?: number;
}

/** Code that is run over and over: it must make all that it uses anew each time. */
export type Program<T> = () => T | PromiseLike<T>;

/** How one run went. */
export interface Recording<T = unknown> {
  readonly outcome: { readonly value: T } | { readonly error: unknown };
  readonly choices: Choices;
  /** Out of how many each choice was made. */
  readonly counts: readonly number[];
  readonly steps: number;
  /** Empty unless it was asked for. */
  readonly trace: readonly string[];
  /** The virtual instant at which it ended, in ms. */
  readonly time: number;
}

/** @throws RangeError for limits that make no sense */
export function checkedLimits({ maxSteps = 100_000, patience = 2_000 }: SimulationLimits): {
  maxSteps: number;
  patience: number;
} {
  for (const [name, value] of Object.entries({ maxSteps, patience })) {
    if (value > 0) continue;
    throw new RangeError(`${name} is a positive number, got ${String(value)}`);
  }
  return { maxSteps, patience };
}

/** Runs `main` once, each choice made by `chooser`. Never rejects because of it. */
export async function runOnce<T>(
  main: Program<T>,
  chooser: Chooser,
  limits: SimulationLimits,
  trace = false,
): Promise<Recording<T>> {
  const simulator = new Simulator({ ...checkedLimits(limits), chooser, trace });
  return recordOn(simulator, main, main.name);
}

export async function recordOn<T>(
  simulator: Simulator,
  main: Program<T>,
  name: string,
): Promise<Recording<T>> {
  const { backend } = simulator;
  let outcome: Recording<T>["outcome"];
  try {
    outcome = { value: await run(main, { backend, name: name || "main" }) };
  } catch (error) {
    outcome = { error };
  }
  const { choices, counts, steps, trace, timeline } = simulator;
  return { outcome, choices, counts, steps, trace, time: timeline.now };
}
