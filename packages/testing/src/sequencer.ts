import { AnywhenError, Event, isCancelled, UsageError } from "anywhen";
import { shown } from "./shown.ts";

/** A wait of a `sequencer()` was cancelled, so its order can be kept no more. */
export class SequenceBrokenError extends AnywhenError {
  static override readonly code: string = "ERR_SEQUENCE_BROKEN";
  static {
    this.prototype.name = "SequenceBrokenError";
  }
}

/** What `sequencer()` returns. */
export type Sequencer = <T>(position: number, body: () => T | PromiseLike<T>) => Promise<T>;

/**
 * Puts blocks of code in different tasks into an order: block `n` starts when block `n - 1` has ended,
 * by returning or throwing; block 0 starts at once. Each number is used once. Resolves with what the
 * block returns. To wait for one's turn is a checkpoint.
 *
 * When a wait is cancelled, nobody knows what would run in which order: that call and every other
 * one that waits, or comes later, throw `SequenceBrokenError`, so that the test fails instead of
 * hanging. It is thrown in the place of the `Cancelled`, which is its cause. After Trio's `Sequencer`.
 *
 * @throws of each call: what the block throws; SequenceBrokenError; UsageError for a number that was
 * used before; RangeError for what is no non-negative integer; TypeError for a block that is no function
 *
 * @example
 * const seq = sequencer();
 * tg.startSoon(async () => {
 *   await seq(0, () => log.push("first"));
 *   await seq(2, () => log.push("third"));
 * });
 * tg.startSoon(() => seq(1, () => log.push("second")));
 */
export function sequencer(): Sequencer {
  const sequence = new Sequence();
  return (position, body) => sequence.block(position, body);
}

class Sequence {
  readonly #turns: Map<number, Event> = new Map();
  readonly #used: Set<number> = new Set();
  /** Why the order can be kept no more: the position that gave up, and its `Cancelled`. */
  #broken: { readonly position: number; readonly cause: unknown } | undefined;

  constructor() {
    this.#turn(0).set();
  }

  async block<T>(position: number, body: () => T | PromiseLike<T>): Promise<T> {
    this.#claim(position, body);
    try {
      if (position > 0) await this.#turn(position).wait();
    } catch (error) {
      if (!isCancelled(error)) throw error;
      this.#break(position, error);
    }
    if (this.#broken !== undefined) throw this.#brokenError(position);
    try {
      return await body();
    } finally {
      this.#turn(position + 1).set();
    }
  }

  #claim(position: number, body: unknown): void {
    if (!Number.isSafeInteger(position) || position < 0) {
      throw new RangeError(
        `a block of a sequencer() has a number from 0 on, got ${shown(position)}`,
      );
    }
    if (typeof body !== "function") {
      throw new TypeError(
        `block ${position} of a sequencer() is a function, got ${shown(body)}: pass () => work()`,
      );
    }
    if (this.#broken !== undefined) throw this.#brokenError(position);
    if (this.#used.has(position)) {
      throw new UsageError(
        `block ${position} of a sequencer() is there already: each number is used once, make a new sequencer() for a new round`,
      );
    }
    this.#used.add(position);
  }

  #turn(position: number): Event {
    const known = this.#turns.get(position);
    if (known !== undefined) return known;
    const turn = new Event();
    this.#turns.set(position, turn);
    return turn;
  }

  #break(position: number, cause: unknown): void {
    this.#broken ??= { position, cause };
    for (const turn of this.#turns.values()) turn.set();
  }

  #brokenError(position: number): SequenceBrokenError {
    const { position: first, cause } = this.#broken ?? { position, cause: undefined };
    const because = `block ${first} was cancelled while it waited for block ${first - 1} to end`;
    return new SequenceBrokenError(
      `block ${position} of a sequencer() will not run: ${because}, so the order is lost. ` +
        "Keep the tasks that take part alive until their last block",
      { cause },
    );
  }
}
