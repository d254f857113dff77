import type { Timer } from "./event-loop.ts";

/** How a task ended. `cancelled`: it unwound because a scope around it was cancelled. */
export type Outcome =
  | { readonly tag: "ok"; readonly value: unknown }
  | { readonly tag: "failed"; readonly error: unknown }
  | { readonly tag: "cancelled"; readonly error: unknown };

/** Why a parked task resumes. */
export type WakeReason = "value" | "cancel" | "timer";

/** What a task has waited for, for people. [D1] */
export interface Waited {
  /** As in "worker-3 waits for …"; undefined if nobody said. */
  describe(): string | undefined;
}

/** What a backend can do and does; the conformance suite holds it to this. */
export interface Capabilities {
  /** `now()` moves only when the backend moves it. */
  readonly virtualTime: boolean;
  /** The same program and seed give the same interleaving. */
  readonly deterministic: boolean;
  /** Something of the host's may call `HostedTask.cancel`. */
  readonly hostCancel: boolean;
}

/** One task as its backend sees it. */
export interface HostedTask<Host = unknown> {
  /** Unique and dense within a run. */
  readonly id: number;
  readonly name: string;
  /** Host handle of the spawning task, from which host context is inherited; undefined for a root. */
  readonly spawner: Host | undefined;
  /** Tells the core the host's handle of this task. Before `run()`. */
  attach(host: Host): void;
  /** At most once. Never rejects, never runs user code synchronously, and restores the spawner's async context itself. */
  run(): Promise<Outcome>;
  /**
   * The same for a host that needs no promise, which makes a task twice as fast: `ended` is called once,
   * with something whose `settled()` is this task's. Where a wrapped task returns a promise all the
   * same, that tells instead.
   */
  run(
    ended: (outcome: Outcome, task: Pick<HostedTask, "settled">) => void,
  ): Promise<Outcome> | undefined;
  /** The host wants this task gone. Idempotent, callable at any time, returns at once; the task then unwinds. */
  cancel(reason?: unknown): void;
  /** Exactly once, after the host's unit of concurrency has ended, also if `run` was never called. */
  settled(outcome: Outcome): void;
}

/** What the core lets a backend see of itself. */
export interface CoreState {
  /** Started tasks that are not parked in one of the core's waits; awaiting a foreign promise counts. */
  readonly runnable: number;
  /** The earliest deadline or sleep, by the backend's clock; Infinity if there is none. */
  nextDue(): number;
  /**
   * For a backend whose clock moves by itself, when nothing is runnable, under way or due any more:
   * ends the latest run of which all tasks wait with `DeadlockError`. False if there is none. [D1]
   */
  stuck(): boolean;
}

/**
 * One host for tasks: it decides when tasks start, timers fire and yields resume, and how the
 * host's own cancellation comes in. Everything else is the core's. The rules that each member must
 * keep are B10-B18 of the semantics; the conformance suite proves them.
 */
export interface Backend<Host = unknown> {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Monotonic milliseconds, fractional, any origin. */
  now(): number;
  /** One host timer, `0 <= delayMs <= 2^31 - 1`. The core keeps at most one armed, under its own queue of deadlines. */
  setTimer(delayMs: number, callback: () => void): Timer;
  /** Calls back in a later turn: never synchronously, in order, never lost, never starving timers and I/O. `host`: the task's for which it is; undefined where it is for several, or for none. */
  reschedule(callback: () => void, host: Host | undefined): void;
  /** Starts the task in the host's unit of concurrency; never runs it synchronously. */
  spawn(task: HostedTask<Host>): void;
  /** Starts a root task and, under virtual time, drives the loop; resolves once `task.settled` was called. */
  run(task: HostedTask<Host>): Promise<void>;
  /**
   * Every resumption of a parked task goes through here, for backends that choose its order. Absent: it
   * resumes at once. Where timers and I/O must get through first, the core calls this in a later turn;
   * not so on a `deterministic` backend, which gives each resumption a turn of its own. [K4, K5]
   */
  wake?(host: Host | undefined, resume: () => void, why: WakeReason, waited?: Waited): void;
  /** For test tools: a task has come to a checkpoint, which has decided nothing yet. A scope that is cancelled in here is cancelled at this checkpoint. */
  checkpoint?(host: Host | undefined): void;
  /** The core tells: the last runnable task is about to park. Take note, and act in a later turn: nothing may be resumed or cancelled in here. */
  idle?(): void;
  /** The core hands itself over, once, before anything else. */
  bind?(core: CoreState): void;
  /** An error that nobody can receive any more. Absent: it is thrown to the host as an uncaught error. */
  reportUnhandled?(error: unknown, host: Host | undefined): void;
}

const requiredMethods = ["now", "setTimer", "reschedule", "spawn", "run"] as const;

/** Names what `value` lacks to be a backend; empty if it is one. */
export function missingFromBackend(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return ["everything: it is no object"];
  const candidate = value as Record<string, unknown>;
  const missing = [];
  if (typeof candidate["name"] !== "string") missing.push("name");
  if (typeof candidate["capabilities"] !== "object" || candidate["capabilities"] === null) {
    missing.push("capabilities");
  }
  for (const method of requiredMethods) {
    if (typeof candidate[method] !== "function") missing.push(`${method}()`);
  }
  return missing;
}
