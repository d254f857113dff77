import { AnywhenError } from "@anywhen/core";

/** What is known of a failure besides its cause. */
export interface FailedRun {
  /** The seed of the run in which it was found; undefined where a schedule was given. */
  readonly seed: number | undefined;
  /** The shortest schedule that was found to fail the same way, for `simulate(main, { schedule })`. */
  readonly schedule: string;
  /** Its steps, in words. */
  readonly steps: readonly string[];
  /** The virtual instant at which it failed, in ms. */
  readonly time: number;
}

/** There is a schedule under which the program fails; how it failed is the `cause`. */
export class SimulationError extends AnywhenError implements FailedRun {
  static override readonly code: string = "ERR_SIMULATION";
  static {
    this.prototype.name = "SimulationError";
  }
  readonly seed: number | undefined;
  readonly schedule: string;
  readonly steps: readonly string[];
  readonly time: number;

  /** @internal */
  constructor(headline: string, found: FailedRun, advice: readonly string[], cause: unknown) {
    super([headline, `  ${brief(cause)}`, ...advice, ...numbered(found.steps)].join("\n"), {
      cause,
    });
    this.seed = found.seed;
    this.schedule = found.schedule;
    this.steps = found.steps;
    this.time = found.time;
  }
}

/** Beyond this many, the steps in the middle are left out of the message. */
const mostShown = 60;

function numbered(steps: readonly string[]): string[] {
  const lines = steps.map((step, index) => `  ${String(index + 1).padStart(3)}. ${step}`);
  if (lines.length <= mostShown) return lines;
  const hidden = lines.length - mostShown;
  lines.splice(mostShown / 2, hidden, `       … ${hidden} steps, see error.steps`);
  return lines;
}

function brief(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll("\n", "\n  ");
}
