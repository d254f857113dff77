import { checkMain, checkedRuns } from "./arguments.ts";
import { anySeed, checkedSeed, replaying, seeded } from "./chooser.ts";
import { shrunkFailure } from "./failure.ts";
import { type Program, type Recording, runOnce, type SimulationLimits } from "./run-once.ts";
import { type Choices, formatSchedule } from "./schedule.ts";

export interface ExploreOptions extends SimulationLimits {
  /** How many runs at most. Default 1,000. */
  runs?: number;
  /** The seed of the first run; those after it count up. Default: another one each time. */
  seed?: number;
  /** Try the schedules one after the other instead of at random: all of them, if `runs` is enough. For small programs. Default false. */
  systematic?: boolean;
}

/** What an exploration that found nothing has seen. */
export interface Exploration {
  readonly runs: number;
  /** How many different schedules there were among them. */
  readonly schedules: number;
  /** The seed of the first run; undefined for a systematic exploration. */
  readonly seed: number | undefined;
  /** Whether no schedule is left. Only a systematic exploration can know. */
  readonly complete: boolean;
}

/**
 * Simulates `main` under many schedules, up to the first that fails, of which it then looks for a
 * shorter one that fails the same way.
 *
 * @throws SimulationError with the shrunk schedule, its steps in words, and how to replay it
 *
 * @example
 * test("no update is lost", () => explore(twoIncrements, { runs: 1_000 }));
 */
export async function explore(
  main: Program<unknown>,
  options: ExploreOptions = {},
): Promise<Exploration> {
  checkMain(main, "explore()");
  const runs = checkedRuns(options.runs ?? 1_000);
  if (options.systematic === true) return exploreAll(main, runs, options);
  const seed = checkedSeed(options.seed ?? anySeed());
  const schedules = new Set<string>();
  for (let run = 0; run < runs; run++) {
    const recording = await runOnce(main, seeded(seed + run), options);
    await failOn(main, recording, { run, runs, seed: seed + run }, options);
    schedules.add(formatSchedule(recording.choices));
  }
  return { runs, schedules: schedules.size, seed, complete: false };
}

/** Depth first: of the last choice that can be made otherwise, the next place. */
async function exploreAll(
  main: Program<unknown>,
  runs: number,
  options: ExploreOptions,
): Promise<Exploration> {
  if (options.seed !== undefined) {
    throw new TypeError("explore(): a systematic exploration leaves nothing to chance: drop seed");
  }
  let next: Choices | undefined = [];
  let run = 0;
  for (; run < runs && next !== undefined; run++) {
    const recording: Recording = await runOnce(main, replaying(next), options);
    await failOn(main, recording, { run, runs, seed: undefined }, options);
    next = following(recording);
  }
  return { runs: run, schedules: run, seed: undefined, complete: next === undefined };
}

function following({ choices, counts }: Recording): Choices | undefined {
  for (let at = choices.length - 1; at >= 0; at--) {
    const place = (choices[at] as number) + 1;
    if (place < (counts[at] as number)) return [...choices.slice(0, at), place];
  }
  return undefined;
}

async function failOn(
  main: Program<unknown>,
  recording: Recording,
  { run, runs, seed }: { run: number; runs: number; seed: number | undefined },
  limits: SimulationLimits,
): Promise<void> {
  const { outcome } = recording;
  if (!("error" in outcome)) return;
  const where = ` in run ${run + 1} of at most ${runs}`;
  throw await shrunkFailure(main, { recording, error: outcome.error, seed, where }, limits);
}
