import { eventLoop } from "../event-loop.ts";

/**
 * An instant that moves `rate` times as fast as real time, and whenever it is told to. Changing the
 * rate never makes it leap, and it never goes back. After Trio's `MockClock`.
 */
export class VirtualTime {
  #base: number;
  #rate = 0;
  /** When `#base` was the time. Read only while time runs by itself. */
  #realBase = 0;

  constructor(start: number) {
    this.#base = start;
  }

  get now(): number {
    if (this.#rate === 0) return this.#base;
    return this.#base + this.#rate * (eventLoop.now() - this.#realBase);
  }

  /** Virtual milliseconds that pass in a real one. */
  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    this.moveTo(this.now);
    this.#rate = rate;
  }

  /** The time is `instant` now, unless it is later already. */
  moveTo(instant: number): void {
    this.#base = Math.max(this.now, instant);
    this.#realBase = eventLoop.now();
  }

  /** Real milliseconds until `instant`; Infinity while time stands still. */
  realDelay(instant: number): number {
    if (this.#rate === 0) return Infinity;
    return Math.max(0, (instant - this.now) / this.#rate);
  }
}
