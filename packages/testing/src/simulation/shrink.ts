import { replaying } from "./chooser.ts";
import { type Program, type Recording, runOnce, type SimulationLimits } from "./run-once.ts";
import { sameFailure } from "./same-failure.ts";
import { type Choices, trimmed } from "./schedule.ts";

/** Runs that may be spent on one failure. */
const mostAttempts = 500;

/**
 * Looks for a simpler schedule that fails the same way: one that takes the default order more often,
 * then one that is shorter, then one with smaller places. Delta debugging: first the whole, then halves,
 * quarters and so on, down to single choices, until nothing helps or the attempts are used up.
 */
export async function shrink(
  main: Program<unknown>,
  failing: Choices,
  error: unknown,
  limits: SimulationLimits,
): Promise<Choices> {
  let best = trimmed(failing);
  const seen = new Set<string>();
  const attempt = async (candidate: Choices): Promise<boolean> => {
    const key = trimmed(candidate).join();
    if (seen.has(key) || seen.size >= mostAttempts) return false;
    seen.add(key);
    const recording = await runOnce(main, replaying(candidate), limits);
    if (!failedAlike(recording, error)) return false;
    const found = trimmed(recording.choices);
    if (!simpler(found, best)) return false;
    best = found;
    return true;
  };

  await attempt([]);
  for (let changed = true; changed;) {
    changed = false;
    for (
      let size = Math.ceil(best.length / 2);
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let at = best.length - size; at > -size; at -= size) {
        for (const candidate of variants(best, Math.max(0, at), size)) {
          if (!(await attempt(candidate))) continue;
          changed = true;
          break;
        }
      }
    }
  }
  return best;
}

/** Other choices in place of those from `at` on: the rest dropped, the default, none, smaller ones. */
function* variants(choices: Choices, at: number, size: number): Generator<Choices> {
  const before = choices.slice(0, at);
  const part = choices.slice(at, at + size);
  const after = choices.slice(at + size);
  yield before;
  yield [...before, ...part.map(() => 0), ...after];
  yield [...before, ...after];
  if (size > 1) return;
  for (let place = 1; place < (part[0] ?? 0); place++) yield [...before, place, ...after];
}

function failedAlike(recording: Recording, error: unknown): boolean {
  return "error" in recording.outcome && sameFailure(recording.outcome.error, error);
}

function simpler(one: Choices, other: Choices): boolean {
  const difference =
    count(one) - count(other) || one.length - other.length || sum(one) - sum(other);
  return difference < 0;
}

function count(choices: Choices): number {
  return choices.filter((choice) => choice !== 0).length;
}

function sum(choices: Choices): number {
  return choices.reduce((total, choice) => total + choice, 0);
}
