import type { Timer } from "../event-loop.ts";

interface Entry {
  readonly at: number;
  readonly callback: () => void;
}

/** Timers of a virtual clock. The core sets one at a time, so a plain set will do. */
export class VirtualTimers {
  readonly #entries = new Set<Entry>();
  readonly #onChange: () => void;

  /** `onChange` hears of every timer that is set or taken back. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  set(at: number, callback: () => void): Timer {
    const entry: Entry = { at, callback };
    this.#entries.add(entry);
    this.#onChange();
    return {
      cancel: () => {
        if (this.#entries.delete(entry)) this.#onChange();
      },
    };
  }

  /** The instant of the earliest one; Infinity if there is none. */
  get nextDue(): number {
    return this.#first?.at ?? Infinity;
  }

  /** Calls the earliest one, which is set no longer then. */
  fireFirst(): void {
    const first = this.#first;
    if (first === undefined) return;
    this.#entries.delete(first);
    first.callback();
  }

  /** Of one instant, the one that was set first. */
  get #first(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries) {
      if (first === undefined || entry.at < first.at) first = entry;
    }
    return first;
  }
}
