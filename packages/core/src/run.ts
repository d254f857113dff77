import { checkTask } from "./arguments.ts";
import type { Backend } from "./backend.ts";
import { ambient } from "./context.ts";
import { engineOf } from "./engine.ts";
import { watchForDeadlock } from "./deadlock.ts";
import { type DeadlockError, ScopeCancelledError, UsageError } from "./errors.ts";
import { eventLoop } from "./event-loop.ts";
import type { Instrument } from "./instrument/instrument.ts";
import { Instruments } from "./instrument/instruments.ts";
import { keepShapes } from "./kept-shapes.ts";
import { onProcessSignals } from "./process-signals.ts";
import { type BackendSpec, defaultBackend, findBackend } from "./registry.ts";
import { RunState } from "./run-state.ts";
import type { CancelScope } from "./scope/cancel-scope.ts";
import { Hosting } from "./task/hosting.ts";
import { Task } from "./task/task.ts";
import { taskShapes } from "./task/task-shapes.ts";
import { parkUncancellable } from "./wait.ts";
import { shown } from "./shown.ts";

export interface RunOptions {
  /** Default: `configure()`, else the environment variable ANYWHEN_BACKEND, else "promise". */
  backend?: BackendSpec;
  /** Name of the root task, for diagnostics. Default: the function's name, else "main". */
  name?: string;
  /** Aborting it cancels the root scope with the signal's reason. */
  signal?: AbortSignal;
  /** Process signals that cancel the root scope, e.g. ["SIGINT", "SIGTERM"]; a second one terminates at once. They keep the process alive. */
  signals?: readonly string[];
  /** Watch what happens in this run; a run inside it has its own. [D4] */
  instruments?: readonly Instrument[];
}

/**
 * Runs `main` as the root task of a fresh run and resolves with its result, once everything started
 * in it has ended. Inside another run it is a run of its own, whose root scope lies inside the
 * calling scope. [B2]
 *
 * @throws what `main` throws; ScopeCancelledError if the root scope was cancelled before `main`
 * returned; BackendNotFoundError if there is no such backend; TypeError if `main` is no function
 *
 * @example
 * await run(async () => {
 *   await taskGroup((tg) => { tg.startSoon(serve); tg.startSoon(report); });
 * }, { signals: ["SIGINT", "SIGTERM"] });
 */
export function run<T>(main: () => T | PromiseLike<T>, options: RunOptions = {}): Promise<T> {
  return start(undefined, main, options, false);
}

/**
 * For bridges from a host into the library: like `run`, with `spawner` as the host handle from which
 * the root task inherits, as a task inherits from the one that spawned it. See `HostedTask.spawner`.
 *
 * @throws as `run` does
 */
export function runFrom<T>(
  spawner: unknown,
  main: () => T | PromiseLike<T>,
  options: RunOptions = {},
): Promise<T> {
  return start(spawner, main, options, true);
}

async function start<T>(
  spawner: unknown,
  main: () => T | PromiseLike<T>,
  options: RunOptions,
  bridged: boolean,
): Promise<T> {
  checkTask(main, options, "run()");
  const wrong = wrongOption(options);
  if (wrong !== undefined) throw wrong;
  const found = findBackend(options.backend);
  return runOn(found instanceof Promise ? await found : found, spawner, main, options, bridged);
}

/** The backend of the current task, or the process-wide default. */
export function currentBackend(): Backend {
  return ambient.getStore()?.engine?.backend ?? defaultBackend();
}

/**
 * For bridges from the library into a host: the backend's handle of the current task, such as its
 * Effect fiber; undefined outside every task.
 */
export function currentHost(): unknown {
  return ambient.getStore()?.task?.host;
}

function wrongOption({ signal, signals, instruments }: RunOptions): TypeError | undefined {
  if (instruments !== undefined) {
    const wrong = Array.isArray(instruments)
      ? instruments.find((one) => typeof one !== "object" || one === null)
      : instruments;
    if (wrong !== undefined || !Array.isArray(instruments)) {
      return new TypeError(
        `run(): instruments is an array of objects with hooks such as taskEnded(), got ${shown(wrong)}`,
      );
    }
  }
  if (signal !== undefined && typeof signal?.addEventListener !== "function") {
    return new TypeError(`run(): signal is an AbortSignal, got ${shown(signal)}`);
  }
  if (signals !== undefined && !Array.isArray(signals)) {
    return new TypeError(
      `run(): signals is an array of names such as "SIGINT", got ${shown(signals)}`,
    );
  }
  return undefined;
}

async function runOn<T>(
  backend: Backend,
  spawner: unknown,
  main: () => T | PromiseLike<T>,
  options: RunOptions,
  bridged: boolean,
): Promise<T> {
  keepShapes(taskShapes);
  const engine = engineOf(backend);
  const name = options.name ?? (main.name || "main");
  const owner = { taskEnded(): void {} };
  const caller = ambient.getStore();
  const { instruments: watching = [] } = options;
  const instruments =
    watching.length === 0 ? undefined : new Instruments(watching, { name, backend: backend.name });
  instruments?.runStarted();
  const state = new RunState(engine, instruments);
  const task = new Task<T>(state, owner, caller, undefined, main, name);
  // To the calling task's backend it waits; the clock of another backend must not run ahead of this one.
  const waiter =
    caller && parkUncancellable<void>(caller, caller.engine === engine ? "parked" : "foreign");
  let stopListening = (): void => {};
  let giveUp = (_: DeadlockError): void => {};
  // Whoever may cancel it from outside keeps it from being stuck for good.
  const reachable =
    bridged ||
    options.signal !== undefined ||
    options.signals !== undefined ||
    (caller !== undefined && caller.engine !== engine);
  const watch = watchForDeadlock(task, reachable, (error) => giveUp(error));
  try {
    stopListening = listen(task.scope, options);
    instruments?.taskSpawned(task as Task);
    const hosting = new Hosting(task, spawner);
    const ended = backend.run(hosting);
    hosting.hold();
    await Promise.race([ended, new Promise<never>((_, reject) => (giveUp = reject))]);
  } catch (error) {
    task.discard();
    throw error;
  } finally {
    watch.stop();
    stopListening();
    instruments?.runEnded(task.outcome?.tag ?? "failed");
    waiter?.resume();
  }
  // A loop over runs must let timers and I/O through, too [K4]. Virtual time has turns of its own.
  if (!backend.capabilities.virtualTime) {
    await new Promise<void>((resolve) => eventLoop.reschedule(resolve));
  }
  return resultOf(task);
}

/** Lets the outside cancel the root scope. Returns what undoes it. */
function listen(scope: CancelScope, { signal, signals = [] }: RunOptions): () => void {
  const stopSignals = onProcessSignals(signals, (name) => scope.cancelWith("host", name));
  const onAbort = (): void => scope.cancelWith("host", signal?.reason);
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener("abort", onAbort);
  return () => {
    stopSignals();
    signal?.removeEventListener("abort", onAbort);
  };
}

function resultOf<T>(task: Task<T>): T {
  const { outcome, name } = task;
  if (outcome?.tag === "ok") return outcome.value as T;
  if (outcome?.tag === "failed") throw outcome.error;
  if (outcome === undefined) {
    throw new UsageError(`the backend's run() resolved before task "${name}" had settled`);
  }
  const { cancellation, own } = task.scope;
  if (cancellation?.cause === "deadlock") throw own?.reason;
  // Cancelled from around the run: the cancellation goes on outwards. [B2, C4]
  if (outcome.interrupted || own === undefined) throw outcome.error;
  throw new ScopeCancelledError(`run: ${own.message}`, own.reason, { cause: own });
}
