/*
 * The public contract of the core, written out: what was promised to users. `contract.test-d.ts` holds
 * the package to it. A change here is a breaking change; additions need none.
 */
import type { Backend } from "@anywhen/core";

/** A backend object, or the name or import specifier of one ("promise", "effect", "rxjs", "@acme/my-backend", "./local.js"). */
export type BackendSpec = Backend | string;

export interface RunOptions {
  /** Default: `configure()`, else the environment variable ANYWHEN_BACKEND, else "promise". */
  backend?: BackendSpec;
  /** Name of the root task, for diagnostics. Default: the function's name, else "main". */
  name?: string;
  /** Aborting it cancels the root scope with the signal's reason. */
  signal?: AbortSignal;
  /** Process signals that cancel the root scope, e.g. ["SIGINT", "SIGTERM"]; a second one terminates at once. */
  signals?: readonly string[];
}

/** Runs `main` as the root task of a fresh run and resolves with its result. Rejects with what it threw, or with `ScopeCancelledError` if the root scope was cancelled from outside before `main` returned. */
export declare function run<T>(main: () => T | PromiseLike<T>, options?: RunOptions): Promise<T>;

/** Sets the process-wide default and loads it, so that code outside `run()` uses it too. */
export declare function configure(options: { backend?: BackendSpec }): Promise<void>;

/** The backend of the current task, or the process-wide default. */
export declare function currentBackend(): Backend;

// ───────────────────────────────────────────────────────────── time and checkpoints

export declare function now(): number;
export declare function sleep(ms: number): Promise<void>;
export declare function sleepUntil(deadline: number): Promise<void>;
export declare function sleepForever(): Promise<never>;
/** Lets other tasks, timers and I/O run, and is a cancellation point. [K1-K5] */
export declare function checkpoint(): Promise<void>;
/** A cancellation point that never yields: throws `Cancelled` or returns. */
export declare function throwIfCancelled(): void;

// ───────────────────────────────────────────────────────────── cancellation

export interface ScopeOptions {
  /** Instant at which the scope cancels itself. Default Infinity. */
  deadline?: number;
  /** Hide the cancellation of enclosing scopes. Default false. */
  shield?: boolean;
  name?: string;
}

/** A region of code that can be cancelled as one. [C1-C24] */
export declare class CancelScope {
  constructor(options?: ScopeOptions);
  /** Runs `body` inside the scope; once per scope. Resolves with `undefined` if the scope absorbed its own cancellation. */
  run<T>(body: (scope: this) => T | PromiseLike<T>): Promise<T | undefined>;
  cancel(reason?: unknown): void;
  deadline: number;
  shield: boolean;
  readonly cancelCalled: boolean;
  readonly cancelledCaught: boolean;
  readonly cancelReason: unknown;
  /** True if a checkpoint inside would throw now: cancelled itself, or from outside with no shield between. */
  readonly cancelled: boolean;
  /** Aborts, with the `Cancelled` instance as its reason, when the scope is effectively cancelled. Created on first use. */
  readonly signal: AbortSignal;
}

export declare function cancelScope<T>(
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: ScopeOptions,
): Promise<T | undefined>;
export declare function moveOnAfter<T>(
  ms: number,
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: Omit<ScopeOptions, "deadline">,
): Promise<T | undefined>;
export declare function moveOnAt<T>(
  deadline: number,
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: Omit<ScopeOptions, "deadline">,
): Promise<T | undefined>;
/** Like `moveOnAfter`, but throws `TimeoutError` when the time ran out, `ScopeCancelledError` when cancelled by hand. [C12] */
export declare function failAfter<T>(
  ms: number,
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: Omit<ScopeOptions, "deadline"> & { reason?: string },
): Promise<T>;
export declare function failAt<T>(
  deadline: number,
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: Omit<ScopeOptions, "deadline"> & { reason?: string },
): Promise<T>;
/** Runs cleanup that an outer cancellation must not interrupt, for at most `timeout` ms. Throws `TimeoutError` past it. [C20] */
export declare function shield<T>(
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: { timeout?: number },
): Promise<T>;

/** The innermost scope, or undefined outside every scope and run. */
export declare function currentScope(): CancelScope | undefined;
/** The soonest deadline that applies here; -Infinity if already cancelled; Infinity if none. */
export declare function currentEffectiveDeadline(): number;
/** The innermost scope's signal; outside every scope, one that never aborts. For `fetch` and other signal-taking APIs. */
export declare function currentSignal(): AbortSignal;
/** Runs `fn` outside every scope and task: for what must outlive the scope it happens to be created in, such as a pool or a cache. [C22] */
export declare function detached<T>(fn: () => T): T;
/** Awaits a foreign promise as a cancellation point. On cancellation the signal aborts and the call throws at once ("abandon", default) or after the promise has settled ("wait"). */
export declare function cancellable<T>(
  work: PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>),
  options?: { onCancel?: "abandon" | "wait" },
): Promise<T>;

// ───────────────────────────────────────────────────────────── tasks

export interface TaskOptions {
  name?: string;
}

export interface TaskStatus<V = void> {
  /** Reports readiness to the caller of `start()`. At most once. */
  started(value: V): void;
}

export type TaskState = "pending" | "running" | "cancelling" | "finished" | "failed" | "cancelled";

export interface TaskHandle<T = unknown> {
  readonly id: number;
  readonly name: string;
  readonly state: TaskState;
  /** The scope around this one task. */
  readonly scope: CancelScope;
  cancel(reason?: unknown): void;
  /** Waits until the task has ended, however it ended. */
  wait(): Promise<void>;
  /** Waits for the task's value. Throws `TaskFailed` (with `cause`) or `TaskCancelled`. */
  result(): Promise<T>;
  /** The value, if it has ended with one. Throws `TaskNotFinished`, `TaskFailed`, `TaskCancelled`. */
  readonly returnValue: T;
  /** The error it ended with, or undefined. Throws `TaskNotFinished`, `TaskCancelled`. */
  readonly error: unknown;
}

export interface TaskGroup {
  readonly scope: CancelScope;
  /** Starts a task that begins on a later turn, never inside this call. [T3] */
  startSoon<T>(fn: () => T | PromiseLike<T>, options?: TaskOptions): TaskHandle<T>;
  /** Starts a task and waits until it calls `status.started(value)`. [T10-T15] */
  start<V, T>(fn: (status: TaskStatus<V>) => T | PromiseLike<T>, options?: TaskOptions): Promise<V>;
  start<V, T>(
    fn: (status: TaskStatus<V>) => T | PromiseLike<T>,
    options: TaskOptions & { returnHandle: true },
  ): Promise<TaskHandle<T> & { readonly startValue: V }>;
  cancel(reason?: unknown): void;
}

/** Runs `body`; returns when it and every task started in the group have ended. `undefined` only if the group was cancelled before the body returned. [T1-T20] */
export declare function taskGroup<T>(
  body: (tg: TaskGroup) => T | PromiseLike<T>,
  options?: { name?: string },
): Promise<T | undefined>;

export interface TaskInfo {
  readonly id: number;
  readonly name: string;
  readonly parentId: number | undefined;
  readonly state: TaskState;
}
export declare function currentTask(): TaskInfo;
/** Every live task of the current run, parents before children. */
export declare function runningTasks(): TaskInfo[];
/** Resolves when every other task of the run is waiting. For tests. */
export declare function waitAllTasksBlocked(): Promise<void>;

// ───────────────────────────────────────────────────────────── concurrency helpers, all structured

type Fn<T> = () => T | PromiseLike<T>;
/** Runs all; resolves with a tuple of results; the first failure cancels the rest. */
export declare function gather<const F extends readonly Fn<unknown>[]>(
  ...fns: F
): Promise<{ -readonly [K in keyof F]: Awaited<ReturnType<F[K]>> }>;
/** The first to succeed wins and the rest are cancelled and awaited. All failed: `TaskGroupError`. */
export declare function race<T>(fns: Iterable<Fn<T>>): Promise<T>;
/** Maps with at most `concurrency` calls in flight; pulls the input lazily; results in input order. */
export declare function mapConcurrent<A, B>(
  items: Iterable<A> | AsyncIterable<A>,
  fn: (item: A, index: number) => B | PromiseLike<B>,
  options?: { concurrency?: number },
): Promise<B[]>;
/** Yields finished handles in the order of completion; leaving the loop cancels and awaits the rest. */
export declare function asCompleted<T>(
  fns: Iterable<Fn<T>>,
  options?: { concurrency?: number },
): AsyncIterable<TaskHandle<T>>;

// ───────────────────────────────────────────────────────────── synchronization

/** What an acquire returns; releasing twice throws. Works with `using`. [L2] */
export interface Lease extends Disposable {
  release(): void;
}

export declare class Event {
  readonly isSet: boolean;
  set(): void;
  wait(): Promise<void>;
  statistics(): { tasksWaiting: number };
}
export declare class Lock {
  readonly locked: boolean;
  acquire(): Promise<Lease>;
  /** Throws `WouldBlock`. */
  acquireNowait(): Lease;
  use<T>(body: () => T | PromiseLike<T>): Promise<T>;
  statistics(): { locked: boolean; owner: TaskInfo | undefined; tasksWaiting: number };
}
export declare class Semaphore {
  constructor(initialValue: number, options?: { maxValue?: number });
  readonly value: number;
  readonly maxValue: number | undefined;
  acquire(): Promise<Lease>;
  acquireNowait(): Lease;
  /** Adds a permit that no lease stands for. Throws `RangeError` past `maxValue`. */
  release(): void;
  use<T>(body: () => T | PromiseLike<T>): Promise<T>;
  statistics(): { tasksWaiting: number };
}
export declare class CapacityLimiter {
  constructor(totalTokens: number);
  /** May be changed while in use, 0 and Infinity included. */
  totalTokens: number;
  readonly borrowedTokens: number;
  readonly availableTokens: number;
  acquire(): Promise<Lease>;
  acquireNowait(): Lease;
  /** One token a borrower: throws `UsageError` if `borrower` holds one already. */
  acquireOnBehalfOf(borrower: object): Promise<Lease>;
  acquireOnBehalfOfNowait(borrower: object): Lease;
  use<T>(body: () => T | PromiseLike<T>): Promise<T>;
  statistics(): {
    borrowedTokens: number;
    totalTokens: number;
    borrowers: readonly object[];
    tasksWaiting: number;
  };
}
/** Holding the lock is a value, so waiting or notifying without it cannot be written. */
export interface ConditionLease extends Lease {
  wait(): Promise<void>;
  waitFor(predicate: () => boolean): Promise<void>;
  notify(n?: number): void;
  notifyAll(): void;
}
export declare class Condition {
  constructor(lock?: Lock);
  readonly locked: boolean;
  acquire(): Promise<ConditionLease>;
  acquireNowait(): ConditionLease;
  use<T>(body: (held: ConditionLease) => T | PromiseLike<T>): Promise<T>;
  statistics(): { tasksWaiting: number; lock: ReturnType<Lock["statistics"]> };
}
/** A value that one task will provide and others wait for. Waiting never cancels it. */
export declare class Future<T> {
  readonly state: "pending" | "finished" | "failed" | "cancelled";
  setResult(value: T): void;
  setError(error: unknown): void;
  cancel(reason?: unknown): void;
  wait(): Promise<T>;
}
export declare class Barrier {
  constructor(parties: number);
  readonly parties: number;
  readonly waiting: number;
  /** Resolves with this caller's place, 0 to parties - 1, once all have come. */
  wait(): Promise<number>;
}
/** Guards a resource that only one task may use at a time: `using _ = guard.enter()` throws `BusyResourceError`. */
export declare class ResourceGuard {
  constructor(action?: string);
  enter(): Disposable;
}

// ───────────────────────────────────────────────────────────── object streams

export interface ReceiveStream<T> extends AsyncIterable<T>, AsyncDisposable {
  /** Throws `EndOfStream`, `ClosedResourceError`, `BrokenResourceError`. */
  receive(): Promise<T>;
  close(): Promise<void>;
}
export interface SendStream<T> extends AsyncDisposable {
  /** Throws `ClosedResourceError`, `BrokenResourceError`. */
  send(item: T): Promise<void>;
  close(): Promise<void>;
}
export interface ObjectStream<T> extends ReceiveStream<T>, SendStream<T> {
  /** Ends the outgoing half only. */
  sendEof(): Promise<void>;
}
export interface MemoryStreamStatistics {
  currentBufferUsed: number;
  maxBufferSize: number;
  openSendStreams: number;
  openReceiveStreams: number;
  tasksWaitingSend: number;
  tasksWaitingReceive: number;
}
export declare class MemorySendStream<T> implements SendStream<T>, Disposable {
  private constructor();
  send(item: T): Promise<void>;
  /** Throws `WouldBlock`. */
  sendNowait(item: T): void;
  clone(): MemorySendStream<T>;
  close(): Promise<void>;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
  statistics(): MemoryStreamStatistics;
}
export declare class MemoryReceiveStream<T> implements ReceiveStream<T>, Disposable {
  private constructor();
  receive(): Promise<T>;
  receiveNowait(): T;
  clone(): MemoryReceiveStream<T>;
  close(): Promise<void>;
  [Symbol.asyncIterator](): AsyncIterator<T>;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
  statistics(): MemoryStreamStatistics;
}
/** A closable, clonable, bounded channel. Capacity 0 is a rendezvous; Infinity never blocks a sender. */
export declare function memoryStream<T>(
  capacity?: number,
): [MemorySendStream<T>, MemoryReceiveStream<T>];

/** A case of `select`. */
export interface Case<T> {
  readonly __case?: T;
}
export declare function receiving<T>(stream: MemoryReceiveStream<T>): Case<T>;
export declare function sending<T>(stream: MemorySendStream<T>, item: T): Case<void>;
export declare function elapsed(ms: number): Case<void>;
export declare function happened(event: Event): Case<void>;
type Selected<C> = {
  [K in keyof C]: { case: K; value: C[K] extends Case<infer V> ? V : never };
}[keyof C];
/** Waits for the first case that can proceed and commits exactly that one. [M14-M17] */
export declare function select<const C extends Record<string, Case<unknown>>>(
  cases: C,
  options?: { priority?: boolean },
): Promise<Selected<C>>;

// ───────────────────────────────────────────────────────────── context

/** A value that follows the flow of control into tasks, timers and callbacks, on every backend. */
export declare class ContextVar<T> {
  constructor(name: string, options?: { defaultValue?: T });
  readonly name: string;
  get(): T | undefined;
  run<R>(value: T, body: () => R): R;
}

// ───────────────────────────────────────────────────────────── errors

/** Base of every error below but `Cancelled`: `code` is stable, e.g. "ERR_WOULD_BLOCK". */
export declare class AnywhenError extends Error {
  readonly code: string;
}
/** Thrown by checkpoints of a cancelled scope. Let it pass: it is control flow, not a failure. */
export declare class Cancelled extends Error {
  private constructor();
  readonly reason: unknown;
}
/** True for a `Cancelled`, also behind an `AbortError` whose cause it is. */
export declare function isCancelled(error: unknown): error is Error;
/** Every error of a group; groups nest as the groups did. */
export declare class TaskGroupError extends AggregateError {
  readonly code: "ERR_TASK_GROUP";
  /** The leaf errors of the whole tree, depth first. */
  leaves(): unknown[];
  /** [matching, rest], both keeping the tree's shape; undefined for an empty side. */
  split(
    matches: (error: unknown) => boolean,
  ): [TaskGroupError | undefined, TaskGroupError | undefined];
}
export declare class TimeoutError extends AnywhenError {}
/** A scope that must return a value was cancelled by hand or from outside: `run`, `failAfter`, `shield`. */
export declare class ScopeCancelledError extends AnywhenError {
  readonly reason: unknown;
}
export declare class TaskFailed extends AnywhenError {}
export declare class TaskCancelled extends TaskFailed {}
export declare class TaskNotFinished extends AnywhenError {}
export declare class TaskNotStarted extends AnywhenError {}
export declare class FutureFailed extends AnywhenError {}
export declare class FutureCancelled extends FutureFailed {}
/** A checkpoint ran in a scope that has ended: almost always a missing `await`. [C22] */
export declare class ScopeClosedError extends AnywhenError {}
export declare class WouldBlock extends AnywhenError {}
export declare class EndOfStream extends AnywhenError {}
export declare class ClosedResourceError extends AnywhenError {}
export declare class BrokenResourceError extends AnywhenError {}
export declare class BusyResourceError extends AnywhenError {}
/** The caller broke a rule of the API: entered a scope twice, released twice, started a task in a closed group. */
export declare class UsageError extends AnywhenError {}
/** The run can make no progress. [D1] */
export declare class DeadlockError extends AnywhenError {}
/** No such backend, or it could not be loaded; the message says how to install it. */
export declare class BackendNotFoundError extends AnywhenError {}
