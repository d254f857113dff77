import { replaying } from "./chooser.ts";
import { type Program, type Recording, runOnce, type SimulationLimits } from "./run-once.ts";
import { sameFailure } from "./same-failure.ts";
import { type Choices, formatSchedule } from "./schedule.ts";
import { shrink } from "./shrink.ts";
import { SimulationError } from "./simulation-error.ts";

interface Found {
  readonly recording: Recording;
  readonly error: unknown;
  readonly seed: number | undefined;
  /** "in run 17 of at most 1000", if there was more than one. */
  readonly where: string;
}

/** The failure of a traced run, as it is. */
export function failureOf({ recording, error, seed, where }: Found): SimulationError {
  const schedule = formatSchedule(recording.choices);
  const advice = [`Replay it with ${call({ seed, schedule })}.`];
  return new SimulationError(
    `main fails${where}${nameOf(seed, schedule)}:`,
    { seed, schedule, steps: recording.trace, time: recording.time },
    advice,
    error,
  );
}

/** The same for one run of many: shrunk, and then traced. */
export async function shrunkFailure(
  main: Program<unknown>,
  found: Found,
  limits: SimulationLimits,
): Promise<SimulationError> {
  const { recording, error, seed, where } = found;
  const choices = await shrink(main, recording.choices, error, limits);
  const again = await runOnce(main, replaying(choices), limits, true);
  if (!("error" in again.outcome && sameFailure(again.outcome.error, error))) {
    return unrepeatable(found);
  }
  const schedule = formatSchedule(choices);
  const advice = [`Replay it with ${call({ schedule })}${shrunkFrom(recording, choices, seed)}.`];
  return new SimulationError(
    `main fails${where}${nameOf(seed, schedule)}:`,
    { seed, schedule, steps: again.trace, time: again.time },
    advice,
    again.outcome.error,
  );
}

/** A replay that goes another way is a finding of its own. */
function unrepeatable({ recording, error, seed, where }: Found): SimulationError {
  const schedule = formatSchedule(recording.choices);
  return new SimulationError(
    `main fails${where}${nameOf(seed, schedule)}, but not when the same schedule is run again:`,
    { seed, schedule, steps: [], time: recording.time },
    [
      "It depends on something besides its schedule: state that outlives a run (make everything inside main), " +
        "Math.random, Date.now, or I/O.",
    ],
    error,
  );
}

function nameOf(seed: number | undefined, schedule: string): string {
  return seed === undefined ? ` (schedule "${schedule}")` : ` (seed ${seed})`;
}

function shrunkFrom(recording: Recording, choices: Choices, seed: number | undefined): string {
  const from = recording.choices.length;
  const shorter = from > choices.length ? `, shrunk from ${from} choices to ${choices.length}` : "";
  return seed === undefined ? shorter : `${shorter}; as it was found: ${call({ seed })}`;
}

function call({ seed, schedule }: { seed?: number | undefined; schedule?: string }): string {
  return seed === undefined
    ? `simulate(main, { schedule: "${schedule}" })`
    : `simulate(main, { seed: ${seed} })`;
}
