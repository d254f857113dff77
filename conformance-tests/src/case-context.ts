import {
  configure,
  currentBackend,
  run,
  withVirtualClock,
  type Backend,
  type RunOptions,
} from "@anywhen/core";
import type { Case } from "./case.ts";
import { CaseAssertions, type Assertions } from "./assertions.ts";
import { asyncLocalStorage, type AsyncLocalStorage } from "./async-local-storage.ts";
import { areCollected, canCollectGarbage, isCollected } from "./garbage.ts";
import { HostErrors } from "./host-errors.ts";
import type { Subject } from "./subject.ts";
import { turn } from "./turn.ts";
import { WatchedBackend, type BackendWatch } from "./watched-backend.ts";

/** What a case gets: a fresh backend, a log, assertions. */
export interface CaseContext extends Assertions {
  /** A fresh backend of the subject, watched, and under a virtual clock if the case asks for one. */
  readonly backend: Backend;
  /** What has gone through `backend`. */
  readonly watch: BackendWatch;
  /** Events in the order in which they happened. */
  readonly log: string[];
  /** `run` of the core on `backend`. */
  run<T>(main: () => T | PromiseLike<T>, options?: Omit<RunOptions, "backend">): Promise<T>;
  /** A second backend of the subject. */
  anotherBackend(): Backend;
  /** Runs `body` while `backend` is the process-wide default. */
  asDefaultBackend(body: () => Promise<void>): Promise<void>;
  expectLog(expected: readonly string[], demand?: string): void;
  /** As `expectLog`, where the rules leave the order open. */
  expectLogInAnyOrder(expected: readonly string[], demand?: string): void;
  /** A full turn of the event loop. */
  turn(): Promise<void>;
  /** To be called before a case lets errors reach the host; skips it where the test runner would take them for a failure. */
  provokesHostErrors(): void;
  /** Errors that nobody caught so far; a case that takes them does not fail because of them. */
  takeHostErrors(): unknown[];
  /** The host's `AsyncLocalStorage`; skips the case where there is none. */
  asyncLocalStorage<T>(): AsyncLocalStorage<T>;
  /** True once only `reference` holds its object; skips the case where garbage collection cannot be asked for. */
  isCollected(reference: WeakRef<object>): Promise<boolean>;
  /** As `isCollected`, of many objects of one kind: to be preferred, because one may stay for no reason where the collector is conservative. */
  areCollected(references: readonly WeakRef<object>[]): Promise<boolean>;
  /** Ends the case as skipped. */
  skip(reason: string): never;
}

/** Thrown by `skip`. */
export class Skipped extends Error {}

/** The context of one run of one case, and what its runner needs to judge it. */
export class RunningCase extends CaseAssertions implements CaseContext {
  readonly backend: Backend;
  readonly watch: WatchedBackend;
  readonly watches: WatchedBackend[] = [];
  readonly log: string[] = [];
  readonly hostErrors: HostErrors = new HostErrors();
  readonly #case: Case;
  readonly #subject: Subject;
  readonly #timeoutMs: number;
  readonly #runnerTakesErrors: boolean;
  readonly #created: Backend[] = [];
  readonly #storages: { disable(): void }[] = [];

  constructor(testCase: Case, subject: Subject, timeoutMs: number, runnerTakesErrors: boolean) {
    super(testCase.id, testCase.title);
    this.#case = testCase;
    this.#subject = subject;
    this.#timeoutMs = timeoutMs;
    this.#runnerTakesErrors = runnerTakesErrors;
    this.watch = this.#create();
    this.backend = this.watch.backend;
  }

  get skipped(): string | undefined {
    const { capabilities } = this.#created[0] as Backend;
    const missing = this.#case.needs.find((name) => !capabilities[name]);
    if (missing !== undefined) return `the backend does not claim ${missing}`;
    const excluding = this.#case.unless.find((name) => capabilities[name]);
    return excluding === undefined
      ? undefined
      : `does not apply to a backend that claims ${excluding}`;
  }

  run<T>(main: () => T | PromiseLike<T>, options?: Omit<RunOptions, "backend">): Promise<T> {
    return run(main, { ...options, backend: this.backend });
  }

  anotherBackend(): Backend {
    return this.#create().backend;
  }

  async asDefaultBackend(body: () => Promise<void>): Promise<void> {
    const previous = defaultBackend();
    await configure({ backend: this.backend });
    try {
      await body();
    } finally {
      await configure(previous ? { backend: previous } : {});
    }
  }

  expectLog(expected: readonly string[], demand?: string): void {
    this.equal<readonly string[]>(this.log, expected, demand ?? "the order of events");
  }

  expectLogInAnyOrder(expected: readonly string[], demand?: string): void {
    this.equal([...this.log].sort(), [...expected].sort(), demand ?? "the events, in any order");
  }

  turn(): Promise<void> {
    return turn();
  }

  provokesHostErrors(): void {
    if (this.#runnerTakesErrors) this.skip("the test runner takes errors that nobody catches");
  }

  takeHostErrors(): unknown[] {
    return this.hostErrors.take();
  }

  asyncLocalStorage<T>(): AsyncLocalStorage<T> {
    const storage = asyncLocalStorage<T>() ?? this.skip("the host has no AsyncLocalStorage");
    this.#storages.push(storage);
    return storage;
  }

  async isCollected(reference: WeakRef<object>): Promise<boolean> {
    return canCollectGarbage()
      ? isCollected(reference)
      : this.skip("the host offers no garbage collection on demand");
  }

  async areCollected(references: readonly WeakRef<object>[]): Promise<boolean> {
    return canCollectGarbage()
      ? areCollected(references)
      : this.skip("the host offers no garbage collection on demand");
  }

  skip(reason: string): never {
    throw new Skipped(reason);
  }

  async dispose(): Promise<void> {
    this.hostErrors.stop();
    for (const storage of this.#storages) storage.disable();
    for (const backend of this.#created) await this.#subject.dispose?.(backend);
  }

  #create(): WatchedBackend {
    const backend = this.#subject.create();
    this.#created.push(backend);
    const wrap = this.#case.clock === "virtual" && !backend.capabilities.virtualTime;
    const watch = new WatchedBackend(wrap ? withVirtualClock(backend) : backend, this.#timeoutMs);
    this.watches.push(watch);
    return watch;
  }
}

function defaultBackend(): Backend | undefined {
  try {
    return currentBackend();
  } catch {
    return undefined;
  }
}
