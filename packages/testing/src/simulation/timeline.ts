import type { Timer } from "@anywhen/core";

interface Entry {
  readonly at: number;
  readonly callback: () => void;
}

/** Virtual milliseconds, and what is due on them. The core sets one timer at a time, so a plain set will do. */
export class Timeline {
  readonly #entries = new Set<Entry>();
  now = 0;

  setTimer(delayMs: number, callback: () => void): Timer {
    const entry: Entry = { at: this.now + delayMs, callback };
    this.#entries.add(entry);
    return { cancel: () => void this.#entries.delete(entry) };
  }

  /** How many timers are set. */
  get size(): number {
    return this.#entries.size;
  }

  /** The instant of the earliest one; Infinity if there is none. */
  get nextDue(): number {
    return this.#first()?.at ?? Infinity;
  }

  /** Moves to the earliest one and calls it. */
  advance(): void {
    const first = this.#first();
    if (first === undefined) return;
    this.#entries.delete(first);
    this.now = first.at;
    first.callback();
  }

  /** Of one instant, the one that was set first. */
  #first(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries) {
      if (first === undefined || entry.at < first.at) first = entry;
    }
    return first;
  }
}
