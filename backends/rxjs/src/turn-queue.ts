import { eventLoop } from "@anywhen/core";
import { reportUnhandled } from "./report-unhandled.ts";

/**
 * Callbacks that wait for the next full turn of the event loop, in order. No clock decides when a
 * turn is due, as on the live event loop: the same program takes the same turns. [B10-B14]
 */
export class TurnQueue {
  /** Callbacks that have not been called yet. */
  pending = 0;
  readonly #onCall: () => void;
  #next: Promise<void> | undefined;

  constructor(onCall: () => void) {
    this.#onCall = onCall;
  }

  /** As a reaction to a promise, the callback keeps the async context of this call. [B12] */
  add(callback: () => void): void {
    this.pending++;
    this.#next ??= new Promise((resolve) => {
      eventLoop.nextTurn(() => {
        this.#next = undefined;
        resolve();
      });
    });
    void this.#next.then(() => this.#call(callback));
  }

  #call(callback: () => void): void {
    this.pending--;
    this.#onCall();
    try {
      callback();
    } catch (error) {
      reportUnhandled(error);
    }
  }
}
