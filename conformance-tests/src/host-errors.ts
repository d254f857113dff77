import { hostProcess, type HostProcess } from "./host-process.ts";

type Listener = (error: unknown) => void;

/** Errors that reached the host because nobody caught them, from the call until `stop`. */
export class HostErrors {
  static readonly #watching = new Set<HostErrors>();
  static #giveBack: (() => void) | undefined;
  readonly errors: unknown[] = [];

  constructor() {
    HostErrors.#watching.add(this);
    HostErrors.#giveBack ??= takeOver((error) => {
      for (const watcher of HostErrors.#watching) watcher.errors.push(error);
    });
  }

  /** The errors so far, which are then forgotten. */
  take(): unknown[] {
    return this.errors.splice(0);
  }

  stop(): void {
    HostErrors.#watching.delete(this);
    if (HostErrors.#watching.size > 0) return;
    HostErrors.#giveBack?.();
    HostErrors.#giveBack = undefined;
  }
}

/** A case that provokes such an error on purpose must not fail the test runner: its listeners pause. */
function takeOver(report: Listener): () => void {
  const process = hostProcess();
  if (process) return takeOverProcess(process, report);
  if (typeof globalThis.addEventListener !== "function") return () => {};
  const listener = (event: globalThis.Event): void => {
    event.preventDefault();
    const { reason, error } = event as { reason?: unknown; error?: unknown };
    report(reason ?? error);
  };
  globalThis.addEventListener("unhandledrejection", listener);
  globalThis.addEventListener("error", listener);
  return () => {
    globalThis.removeEventListener("unhandledrejection", listener);
    globalThis.removeEventListener("error", listener);
  };
}

function takeOverProcess(process: HostProcess, report: Listener): () => void {
  const events = ["unhandledRejection", "uncaughtException"];
  const paused = events.map((event) => ({ event, listeners: process.listeners(event) }));
  const listener: Listener = (error) => report(error);
  for (const { event, listeners } of paused) {
    process.on(event, listener);
    for (const other of listeners) process.off(event, other);
  }
  return () => {
    for (const { event, listeners } of paused) {
      for (const other of listeners) process.on(event, other);
      process.off(event, listener);
    }
  };
}
