import type { CancelCause } from "../scope/scope-extras.ts";
import type { TaskInfo } from "../task/task-types.ts";

/** A run from outside. */
export interface RunInfo {
  /** Name of the root task. */
  readonly name: string;
  /** Of the backend. */
  readonly backend: string;
}

/** A scope from outside. */
export interface ScopeInfo {
  /** Dense and per run, in the order in which the instruments met them. */
  readonly id: number;
  /** "task" and "task group" scopes belong to what they are named after. */
  readonly kind: "scope" | "task" | "task group";
  readonly name: string | undefined;
  /** The task whose code runs inside. */
  readonly task: TaskInfo;
  /** Instant on the backend's clock, in ms; Infinity if it has none. */
  readonly deadline: number;
  readonly shield: boolean;
}

/** Why a scope was cancelled, and by whom. */
export interface Cancellation {
  /** What was given to `cancel()`, the first error of a group, a `TimeoutError`. */
  readonly reason: unknown;
  /** `call`: by `cancel()`; `failure`: a task of the group failed; `host`: by the backend, a signal or `RunOptions.signal`. */
  readonly cause: CancelCause;
  /** The task that called or failed, where there is one. */
  readonly by: TaskInfo | undefined;
}

/**
 * Watches a run; see `RunOptions.instruments`. Hooks are called at once, in the order of the
 * instruments, and each is looked up once, when the run starts. What they are given is frozen: a
 * view of that moment. They must not wait, and must not start or cancel anything.
 *
 * One that throws is reported as a process warning (`ANYWHEN_INSTRUMENT`) and called no more; the
 * program does not notice. [D4]
 *
 * @example
 * const log: string[] = [];
 * await run(main, { instruments: [{ taskEnded: (task, how) => log.push(`${task.name}: ${how}`) }] });
 */
export interface Instrument {
  runStarted?(run: RunInfo): void;
  /** The last: everything in the run has ended. */
  runEnded?(run: RunInfo, how: "ok" | "failed" | "cancelled"): void;
  /** It exists; the backend has been asked to start it. */
  taskSpawned?(task: TaskInfo): void;
  /** Its body is about to be called. */
  taskStarted?(task: TaskInfo): void;
  /** A call inside waits for `what`, such as `Lock "db" held by task "writer"`; undefined if only its end or a cancellation resumes it. */
  taskWaiting?(task: TaskInfo, what: string | undefined): void;
  /** A call that waited goes on: with a value or an error, because of a cancellation, or because its time has come. */
  taskResumed?(task: TaskInfo, why: "value" | "cancel" | "timer"): void;
  taskEnded?(task: TaskInfo, how: "ok" | "failed" | "cancelled"): void;
  scopeEntered?(scope: ScopeInfo): void;
  /** Itself, not by an enclosing scope. */
  scopeCancelled?(scope: ScopeInfo, cancellation: Cancellation): void;
  scopeExited?(scope: ScopeInfo): void;
}
