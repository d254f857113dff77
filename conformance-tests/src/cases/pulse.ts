import type { CaseContext } from "../case-context.ts";
import { processorTime } from "../processor-time.ts";
import { afterRealTime, afterTurn } from "../turn.ts";

/** For how long a loop works on if the host is never let in. */
const patienceMs = 1_500;

/** Gives a function that is true until the process has worked for as long as patience lasts. */
export function patience(): () => boolean {
  const end = processorTime() + patienceMs;
  return () => processorTime() < end;
}

/** Works for so long that a turn of the event loop is due, whatever the budget for it: half of what the rule allows. */
export function outlastTurn(): void {
  const end = processorTime() + 10;
  while (processorTime() < end);
}

const wantedGaps = 8;

/** Something of the host that comes again and again, as soon as the host lets it. */
export type Pulse = (callback: () => void) => void;

export const timerPulse: Pulse = (callback) => void afterRealTime(1, callback);
export const inputPulse: Pulse = (callback) => afterTurn(callback);

/**
 * Repeats `step` until the pulse came through some times, or patience ends, and demands that the
 * usual gap between two pulses, the median, keeps the rule.
 */
export async function keepsPulse(
  t: CaseContext,
  pulse: Pulse,
  step: () => Promise<unknown>,
): Promise<void> {
  const gaps: number[] = [];
  const patient = patience();
  let last = processorTime();
  let over = false;
  const beat = (): void => {
    const time = processorTime();
    gaps.push(time - last);
    last = time;
    if (!over && gaps.length < wantedGaps) pulse(beat);
  };
  pulse(beat);
  while (gaps.length < wantedGaps && patient()) await step();
  over = true;
  await t.turn();
  t.ok(
    gaps.length >= wantedGaps,
    `the host's timers and I/O run within ${patienceMs} ms of steps that do not wait`,
  );
  const median = gaps.sort((left, right) => left - right)[gaps.length >> 1] as number;
  t.ok(median <= 20, `the host is kept waiting for at most 20 ms, not ${median.toFixed(1)} ms`);
}
