import type { Backend, CoreState } from "./backend.ts";
import { outside } from "./context.ts";
import { endStuckRun } from "./deadlock.ts";
import { RunState } from "./run-state.ts";
import { TimerQueue } from "./timer-queue.ts";
import { resumptionIsOverdue, turnIsOverdue } from "./turn-budget.ts";

/** Where passes alone count, so many may pass before one gives way. [K4] */
const passesPerYield = 64;

/** The core's state about one backend: its clock, its timers, how busy it is. */
export class Engine {
  readonly backend: Backend;
  readonly timers: TimerQueue;
  /** What the backend sees of it. */
  readonly core: CoreState;
  /** `Backend.checkpoint`, of which hardly any backend wants to hear. */
  readonly onCheckpoint: ((host: unknown) => void) | undefined;
  /** The tasks that no `run()` stands around: code outside every run works too. [C24] */
  readonly outsideRuns: RunState;
  /** See `CoreState.runnable`. Raised by hand, lowered by `release()`. */
  runnable = 0;
  private passes = 0;
  /** Resumptions that wait for the next turn. */
  private forTurn: (() => void)[] = [];
  /** Whether the event loop's own turns count, or, so that a simulation replays exactly, passes alone. */
  private readonly live: boolean;

  constructor(backend: Backend) {
    const { virtualTime, deterministic } = backend.capabilities;
    this.backend = backend;
    this.live = !virtualTime && !deterministic;
    this.timers = new TimerQueue(backend);
    this.onCheckpoint = backend.checkpoint?.bind(backend);
    this.outsideRuns = new RunState(this);
    const { timers } = this;
    const runnable = (): number => this.runnable;
    this.core = {
      get runnable() {
        return runnable();
      },
      nextDue: () => timers.nextDue,
      stuck: () => endStuckRun(this),
    };
    backend.bind?.(this.core);
  }

  now(): number {
    return this.backend.now();
  }

  /** One runnable less; the backend is told of the last. */
  release(): void {
    if (--this.runnable === 0) this.backend.idle?.();
  }

  /**
   * Charges one checkpoint that lets nothing else of the event loop run. True when
   * the budget is used up: this one must go through `backend.reschedule`, which sees to it that
   * timers and I/O get through. [K4]
   */
  overBudget(): boolean {
    return this.live ? turnIsOverdue() : this.countsOut();
  }

  /** The same for one resumption, of which a single call may make thousands. [K4] */
  resumptionOverBudget(): boolean {
    return this.live ? resumptionIsOverdue() : this.countsOut();
  }

  /**
   * For resumptions: calls back in a later turn of the event loop, together with the others that wait
   * for it, because a macrotask each would cost more than what they do. Where every choice is the
   * backend's, it has each one.
   */
  inNextTurn(callback: () => void, host: unknown): void {
    if (!this.live) this.backend.reschedule(callback, host);
    else {
      if (this.forTurn.length === 0) outside(() => this.awaitTurn());
      this.forTurn.push(callback);
    }
  }

  private awaitTurn(): void {
    this.backend.reschedule(() => {
      const callbacks = this.forTurn;
      this.forTurn = [];
      let called = 0;
      try {
        while (called < callbacks.length) callbacks[called++]?.();
      } finally {
        // A backend's `wake` has thrown: the others must not be lost with it.
        for (const callback of callbacks.slice(called)) this.inNextTurn(callback, undefined);
      }
    }, undefined);
  }

  private countsOut(): boolean {
    if (++this.passes < passesPerYield) return false;
    this.passes = 0;
    return true;
  }
}

const engines = new WeakMap<Backend, Engine>();

/** The one engine of a backend object. */
export function engineOf(backend: Backend): Engine {
  let engine = engines.get(backend);
  if (engine === undefined) {
    engine = new Engine(backend);
    engines.set(backend, engine);
  }
  return engine;
}
