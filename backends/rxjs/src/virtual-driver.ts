import { type CoreState, eventLoop, outside } from "@anywhen/core";
import type { VirtualTimeScheduler } from "rxjs";
import { reportUnhandled } from "./report-unhandled.ts";

/** The part of `TestScheduler` that its own `flush()` sees to first. */
interface MarbleScheduler {
  readonly hotObservables?: { setup(): void }[];
}

/**
 * Moves a virtual clock while runs go on.
 *
 * `scheduler.flush()` would run through all of time at once, before a single `await` goes on. So the
 * driver takes one instant at a time, and only when all tasks wait and nothing has happened for a
 * full turn of the event loop, which drains any number of microtasks. It looks when something stirs
 * and sleeps otherwise: it does not keep the process alive.
 */
export class VirtualDriver {
  readonly #scheduler: VirtualTimeScheduler & MarbleScheduler;
  readonly #turnsPending: () => boolean;
  readonly #around: (step: () => void) => void;
  readonly #cores: CoreState[] = [];
  readonly #onTurn = (): void => this.#look();
  #runs = 0;
  #watching = false;
  #stirred = false;

  constructor(
    scheduler: VirtualTimeScheduler,
    turnsPending: () => boolean,
    around: (step: () => void) => void,
  ) {
    this.#scheduler = scheduler;
    this.#turnsPending = turnsPending;
    this.#around = around;
  }

  /** Several, if several wrappers of the backend are in use. */
  bind(core: CoreState): void {
    this.#cores.push(core);
  }

  /** Time may move until `run` settles, whether or not one of our timers is set. */
  async during(run: Promise<void>): Promise<void> {
    this.#runs++;
    this.stir();
    try {
      await run;
    } finally {
      this.#runs--;
    }
  }

  /** Something has happened: the clock stands still for another turn. */
  stir(): void {
    this.#stirred = true;
    if (this.#watching) return;
    this.#watching = true;
    outside(() => eventLoop.nextTurn(this.#onTurn));
  }

  #look(): void {
    if (this.#stirred || this.#turnsPending()) {
      this.#stirred = false;
      eventLoop.nextTurn(this.#onTurn);
      return;
    }
    this.#watching = false;
    // Whoever is busy stirs when it has become idle.
    if (!this.#wanted() || this.#cores.some(({ runnable }) => runnable > 0)) return;
    this.#startHotObservables();
    if (this.#scheduler.actions.length === 0) {
      if (this.#cores.some((core) => core.stuck())) this.stir();
      return;
    }
    this.#around(() => this.#step());
    this.stir();
  }

  /** Outside runs it is only our own timers that time is moved for. [C24] */
  #wanted(): boolean {
    return this.#runs > 0 || this.#cores.some((core) => core.nextDue() < Infinity);
  }

  /**
   * Goes to the instant of the next action and runs what is due then. `flush()` would drop everything
   * scheduled when one action throws; here the error is reported and the others run. [B13] Actions
   * that are added meanwhile wait for the next step, so that what awaits the earlier ones goes first.
   */
  #step(): void {
    const scheduler = this.#scheduler;
    const { actions } = scheduler;
    // Never back, although RxJS lets one schedule into the past. [B15]
    const frame = Math.max(scheduler.frame, actions[0]?.delay ?? 0);
    scheduler.frame = frame;
    let due = actions.filter(({ delay }) => delay <= frame).length;
    for (; due > 0 && (actions[0]?.delay ?? Infinity) <= frame; due--) {
      const action = actions.shift();
      const error: unknown = action?.execute(action.state, action.delay);
      if (error !== undefined) reportUnhandled(error);
    }
  }

  #startHotObservables(): void {
    const { hotObservables = [] } = this.#scheduler;
    for (const hot of hotObservables.splice(0)) hot.setup();
  }
}
