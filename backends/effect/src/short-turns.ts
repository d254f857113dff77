import { Scheduler } from "effect";

/** Turns taken as microtasks before a full one is due. */
const shortInARow = 1_000;

const { setImmediate } = new Scheduler.MixedScheduler();

/**
 * Turns for a clock that is moved by hand: as short as can be, because `TestClock.adjust` moves on
 * after one full turn of the event loop. Those of the core's event loop ask the real clock how long
 * is short enough, so one or the other would be a full turn, and time be lost over it.
 */
export class ShortTurns {
  #taken = 0;
  #waiting = 0;

  /** Calls back in a later turn, in order; every so often in a full one, for timers and I/O. [B10-B14] */
  reschedule(callback: () => void): void {
    if (this.#waiting === 0 && this.#taken < shortInARow) {
      if (this.#taken++ === 0) setImmediate(() => this.#fullTurn());
      queueMicrotask(callback);
      return;
    }
    this.#waiting++;
    setImmediate(() => {
      this.#waiting--;
      callback();
    });
  }

  #fullTurn(): void {
    this.#taken = 0;
  }
}
