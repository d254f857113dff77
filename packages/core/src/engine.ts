import type { Backend, CoreState } from "./backend.ts";
import { outside } from "./context.ts";
import { endStuckRun } from "./deadlock.ts";
import { RunState } from "./run-state.ts";
import { ScopeNode } from "./scope/scope-node.ts";
import { TimerQueue } from "./timer-queue.ts";
import { turnIsOverdue, turnIsOverdueNow } from "./turn-budget.ts";
import type { PutOff } from "./wait.ts";

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
  /** Stands for the scope of code that no scope is around: nothing ever cancels it. */
  readonly outsideScopes: ScopeNode = new ScopeNode();
  /** See `CoreState.runnable`. Raised by hand, lowered by `release()`. */
  runnable = 0;
  private passes = 0;
  private resumptions = 0;
  /** Whether it is for the core to see that resumptions let turns pass: a simulation gives each one of its own. [K4, K5] */
  private readonly delaysResumptions: boolean;
  /** What ends in the next turn, in order. */
  private putOff: PutOff[] = [];
  /** Whether the event loop's own turns count, or, so that a simulation replays exactly, passes alone. */
  private readonly live: boolean;

  constructor(backend: Backend) {
    const { virtualTime, deterministic } = backend.capabilities;
    this.backend = backend;
    this.live = !virtualTime && !deterministic;
    this.delaysResumptions = !deterministic || backend.wake === undefined;
    this.timers = new TimerQueue(backend);
    this.onCheckpoint = backend.checkpoint?.bind(backend);
    this.outsideRuns = new RunState(this);
    this.outsideScopes.enter(undefined, this, undefined);
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
   * Charges one step that lets nothing else of the event loop run. True when the budget is used up:
   * this one must wait for `backend.reschedule`, which sees to it that timers and I/O get through. [K4]
   */
  overBudget(): boolean {
    if (this.live) return turnIsOverdue();
    if (++this.passes < passesPerYield) return false;
    this.passes = 0;
    return true;
  }

  /** The same for a resumption, which is put off then. Where steps are counted, it counts apart: the caller goes on. */
  resumptionOverBudget(): boolean {
    return this.live ? turnIsOverdue() : this.resumptionsCountOut();
  }

  /** The same for many resumptions, which may take long. */
  longStepOverBudget(): boolean {
    return this.live ? turnIsOverdueNow() : this.resumptionsCountOut();
  }

  /** Whether there are resumptions that are put off, which others must not overtake. [L1, M2] */
  get puttingOff(): boolean {
    return this.putOff.length > 0;
  }

  /** All that is put off shares one later turn of the event loop: a macrotask each would cost more than what they do. */
  untilNextTurn(putOff: PutOff): void {
    if (this.putOff.push(putOff) === 1) this.awaitTurn();
  }

  private awaitTurn(): void {
    outside(() => this.backend.reschedule(() => this.endAll(), undefined));
  }

  private endAll(): void {
    const { putOff } = this;
    let ended = 0;
    try {
      // Also those that a backend's `wake` or an instrument adds meanwhile.
      while (ended < putOff.length) putOff[ended++]?.end();
    } finally {
      // A backend's `wake` has thrown: the others must not be lost with it.
      this.putOff = putOff.slice(ended);
      if (this.putOff.length > 0) this.awaitTurn();
    }
  }

  private resumptionsCountOut(): boolean {
    if (!this.delaysResumptions || ++this.resumptions < passesPerYield) return false;
    this.resumptions = 0;
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
