import { run } from "@anywhen/core";
import { checkMain } from "./arguments.ts";
import { checkedSeed, replaying, seeded } from "./chooser.ts";
import { heldIn, semaphoresOf } from "./held.ts";
import { Injection, type Place, type Target } from "./injection.ts";
import { checkedLimits, recordOn, type Recording, type SimulationLimits } from "./run-once.ts";
import { formatSchedule } from "./schedule.ts";
import { SimulationError } from "./simulation-error.ts";
import { Simulator } from "./simulator.ts";

export interface CancelEverywhereOptions<S> extends SimulationLimits {
  /** Makes what one run uses, anew for each: `main` and `check` are given it. */
  setup?: () => S;
  /** Throws if a run that was cancelled has left something wrong behind: an item lost, a lease held. */
  check?: (state: S) => void | PromiseLike<void>;
  /** Whom to cancel: `main` and with it everything (the default), or only the task that comes to the checkpoint. */
  target?: Target;
  /** Whether an error may come out of a cancelled run. Default: none, besides the cancellation itself. */
  expected?: (error: unknown) => boolean;
  /** The order in which things happen. Default: that of a live backend. */
  seed?: number;
  /** Only this cancellation, from the message of a failure: `{ checkpoint: 7 }` or `{ moment: 12 }`. */
  only?: Place;
}

/** What was tried. */
export interface CancelledEverywhere {
  readonly runs: number;
  /** How many checkpoints `main` comes to when nobody cancels it. */
  readonly checkpoints: number;
  /** How many moments there are then at which all its tasks wait. */
  readonly moments: number;
}

/**
 * Runs `main` once as it is, and then once for each of its checkpoints, cancelled exactly as it calls
 * this one, and once for each moment at which all its tasks wait, cancelled there. After each run no
 * task is alive, no timer set, and nothing of the state held (locks, conditions, limiters, semaphores
 * that `setup` has returned); it has ended with a value or with that cancellation.
 *
 * @throws SimulationError for the first cancellation after which that does not hold, or `check` throws
 *
 * @example
 * await cancelEverywhere(({ pool }) => pool.use(query), {
 *   setup: () => ({ pool: new Pool() }),
 *   check: ({ pool }) => expect(pool.inUse).toBe(0),
 * });
 */
export async function cancelEverywhere<S = undefined>(
  main: (state: S) => unknown,
  options: CancelEverywhereOptions<S> = {},
): Promise<CancelledEverywhere> {
  checkMain(main, "cancelEverywhere()");
  const { target = "main", only } = options;
  const baseline = await attempt(main, undefined, options);
  const { checkpoints, moments } = baseline;
  const places: Place[] = only === undefined ? [] : [only];
  if (only === undefined) {
    for (let checkpoint = 1; checkpoint <= checkpoints; checkpoint++) places.push({ checkpoint });
    // With one task as the target: a moment is no task's own.
    const last = target === "main" ? moments : 0;
    for (let moment = 1; moment <= last; moment++) places.push({ moment });
  }
  for (const place of places) await attempt(main, place, options);
  return { runs: places.length + 1, checkpoints, moments };
}

async function attempt<S>(
  main: (state: S) => unknown,
  place: Place | undefined,
  options: CancelEverywhereOptions<S>,
): Promise<Injection> {
  const { seed, target = "main", setup } = options;
  const injection = new Injection(place, target);
  const chooser = seed === undefined ? replaying([]) : seeded(checkedSeed(seed));
  const limits = checkedLimits(options);
  const simulator = new Simulator({ ...limits, chooser, trace: true, probe: injection });
  const state = setup?.() as S;
  const permits = semaphoresOf(state);
  const program = (): unknown => main(state);
  const recording = await recordOn(simulator, program, main.name || "main");
  injection.end();
  const wrong =
    missedPlace(injection) ??
    wrongOutcome(recording, injection, options) ??
    leftBehind(simulator, heldIn(state, permits)) ??
    (await wrongState(simulator, state, options));
  if (wrong !== undefined) throw failure(wrong, recording, injection, options);
  return injection;
}

interface Wrong {
  readonly what: string;
  readonly cause: unknown;
}

function missedPlace({ place, where }: Injection): Wrong | undefined {
  if (place === undefined || where !== undefined) return undefined;
  const what = "it does not come there: does it depend on something besides its schedule?";
  return { what, cause: new Error(what) };
}

function wrongOutcome<S>(
  { outcome }: Recording,
  injection: Injection,
  { expected }: CancelEverywhereOptions<S>,
): Wrong | undefined {
  if (!("error" in outcome)) return undefined;
  const { error } = outcome;
  if (injection.explains(error) || (injection.where !== undefined && expected?.(error) === true)) {
    return undefined;
  }
  return { what: "it ends with an error of its own", cause: error };
}

function leftBehind(simulator: Simulator, held: readonly string[]): Wrong | undefined {
  const tasks = [...simulator.live].map(({ name }) => `task ${name} is still alive`);
  const timers = simulator.timeline.size > 0 ? ["a timer is still set"] : [];
  const all = [...held, ...tasks, ...timers];
  if (all.length === 0) return undefined;
  const what = all.join("; ");
  return { what, cause: new Error(what) };
}

async function wrongState<S>(
  { backend }: Simulator,
  state: S,
  { check }: CancelEverywhereOptions<S>,
): Promise<Wrong | undefined> {
  if (check === undefined) return undefined;
  try {
    await run(() => check(state), { backend, name: "check" });
    return undefined;
  } catch (error) {
    return { what: "check() finds fault with what it leaves behind", cause: error };
  }
}

function failure<S>(
  { what, cause }: Wrong,
  { choices, trace, time }: Recording,
  { place, where }: Injection,
  { seed }: CancelEverywhereOptions<S>,
): SimulationError {
  const when =
    place === undefined ? "without any cancellation" : `cancelled ${where ?? shownPlace(place)}`;
  const only = place === undefined ? "" : `, only: ${shownPlace(place)}`;
  const advice = [`Replay it with cancelEverywhere(main, { …${only} }).`];
  const found = { seed, schedule: formatSchedule(choices), steps: trace, time };
  return new SimulationError(`main ${when}: ${what}:`, found, advice, cause);
}

function shownPlace(place: Place): string {
  const [[what, number] = []] = Object.entries(place);
  return `{ ${what}: ${number} }`;
}
