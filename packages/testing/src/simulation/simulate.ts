import { anySeed, checkedSeed, replaying, seeded } from "./chooser.ts";
import { failureOf, shrunkFailure } from "./failure.ts";
import { checkMain, checkedRuns } from "./arguments.ts";
import { type Program, runOnce, type SimulationLimits } from "./run-once.ts";
import { type Choices, formatSchedule, parseSchedule } from "./schedule.ts";

export interface SimulateOptions extends SimulationLimits {
  /** Gives the order in which things happen; the same seed, the same order. Default: another one each time. */
  seed?: number;
  /** The order itself, from the message of a failure, or as a list of numbers (each is counted around the queue). Instead of a seed. */
  schedule?: string | Choices;
  /** How many runs, with seeds counted up from `seed`. Default 1. A failure of several is shrunk. */
  runs?: number;
}

/** One simulated run that ended well. */
export interface Simulation<T> {
  readonly value: T;
  /** Undefined if a schedule was given. */
  readonly seed: number | undefined;
  /** Replays this very run. */
  readonly schedule: string;
  /** What happened, in words. */
  readonly steps: readonly string[];
  /** The virtual instant at which it ended, in ms. */
  readonly time: number;
}

/**
 * Runs `main` as the root task of a run in which every start of a task, every resumption and every
 * yield is put in order by a seeded generator, under virtual time. The same seed gives the same order,
 * on every runtime. Resolves with the (last) run.
 *
 * @throws SimulationError if `main` throws, hangs, or does not end within `maxSteps`
 *
 * @example
 * await simulate(transferBothWays, { seed: 1234 });
 */
export async function simulate<T>(
  main: Program<T>,
  options: SimulateOptions = {},
): Promise<Simulation<T>> {
  checkMain(main, "simulate()");
  const runs = checkedRuns(options.runs ?? 1);
  if (options.schedule !== undefined) return replay(main, options.schedule, options);
  const first = checkedSeed(options.seed ?? anySeed());
  for (let seed = first; seed < first + runs - 1; seed++) {
    const recording = await runOnce(main, seeded(seed), options);
    if (!("error" in recording.outcome)) continue;
    const where = ` in run ${seed - first + 1} of ${runs}`;
    const { error } = recording.outcome;
    throw await shrunkFailure(main, { recording, error, seed, where }, options);
  }
  return simulateSeed(main, first + runs - 1, runs, options);
}

async function simulateSeed<T>(
  main: Program<T>,
  seed: number,
  runs: number,
  limits: SimulationLimits,
): Promise<Simulation<T>> {
  const recording = await runOnce(main, seeded(seed), limits, true);
  const { outcome, choices, trace: steps, time } = recording;
  if (!("error" in outcome)) {
    return { value: outcome.value, seed, schedule: formatSchedule(choices), steps, time };
  }
  const { error } = outcome;
  if (runs === 1) throw failureOf({ recording, error, seed, where: "" });
  const where = ` in run ${runs} of ${runs}`;
  throw await shrunkFailure(main, { recording, error, seed, where }, limits);
}

async function replay<T>(
  main: Program<T>,
  given: string | Choices,
  { seed, runs, ...limits }: SimulateOptions,
): Promise<Simulation<T>> {
  if (seed !== undefined || runs !== undefined) {
    throw new TypeError(
      "simulate(): a schedule says everything about one run: give it without seed and runs",
    );
  }
  const recording = await runOnce(main, replaying(parseSchedule(given)), limits, true);
  const { outcome, choices, trace: steps, time } = recording;
  if ("error" in outcome) {
    throw failureOf({ recording, error: outcome.error, seed: undefined, where: "" });
  }
  return { value: outcome.value, seed: undefined, schedule: formatSchedule(choices), steps, time };
}
