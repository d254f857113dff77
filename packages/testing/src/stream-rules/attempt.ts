import { eventLoop } from "@anywhen/core";
import {
  BusyResourceError,
  cancellable,
  CancelScope,
  Event,
  isCancelled,
  moveOnAfter,
} from "anywhen";
import { AssertionError } from "../assertion-error.ts";
import { told } from "../shown.ts";

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Turns of the event loop after which what can happen without the outside has happened. */
const settlingTurns = 8;

/** Lets everything happen that needs nothing but turns of the event loop. A checkpoint. */
export async function settle(turns: number = settlingTurns): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}

/** To a virtual clock this is work under way: without it, time would move while a check looks on. */
function nextTurn(): Promise<void> {
  return cancellable(new Promise((resolve) => eventLoop.nextTurn(resolve)));
}

/**
 * One call of a stream, in a scope of its own, watched from outside. It is no task: a group would wait
 * for a call that never ends, which is just what a broken stream may do.
 */
export class Attempt<T> {
  readonly scope: CancelScope = new CancelScope();
  readonly #what: string;
  readonly #patience: number;
  readonly #ended = new Event();
  #outcome: Outcome<T> | undefined;

  constructor(
    what: string,
    patience: number,
    call: () => T | PromiseLike<T>,
    cancelled: boolean = false,
  ) {
    this.#what = what;
    this.#patience = patience;
    if (cancelled) this.scope.cancel("the scope of a test of a stream");
    // The body takes every error, and so does the scope.
    void this.scope.run(async () => {
      try {
        this.#outcome = { value: await call() };
      } catch (error) {
        this.#outcome = { error };
      }
      this.#ended.set();
    });
  }

  /** Whether it has been refused because another call is under way. */
  get refusedAsBusy(): boolean {
    const outcome = this.#outcome;
    return (
      outcome !== undefined && "error" in outcome && outcome.error instanceof BusyResourceError
    );
  }

  /** Waits for its end, however it ends. False if it is still under way when the patience is at its end. */
  async #hasEnded(): Promise<boolean> {
    for (let turn = 0; turn < settlingTurns && !this.#ended.isSet; turn++) await nextTurn();
    if (!this.#ended.isSet) await moveOnAfter(this.#patience, () => this.#ended.wait());
    return this.#ended.isSet;
  }

  /** Whether it was cancelled. @throws AssertionError if it neither was nor has a value */
  async wasCancelled(): Promise<boolean> {
    const outcome = await this.#end("to return or to throw Cancelled");
    if ("value" in outcome) return false;
    if (isCancelled(outcome.error)) return true;
    throw this.#unexpected("to return or to throw Cancelled", `threw ${told(outcome.error)}`);
  }

  /** @throws AssertionError unless it has a value */
  async value(): Promise<T> {
    const outcome = await this.#end("to return");
    if ("value" in outcome) return outcome.value;
    throw this.#unexpected("to return", `threw ${told(outcome.error)}`);
  }

  /** @throws AssertionError unless it throws what `matches` */
  async throws(expected: string, matches: (error: unknown) => boolean): Promise<void> {
    const outcome = await this.#end(`to throw ${expected}`);
    if ("value" in outcome) throw this.#unexpected(`to throw ${expected}`, "returned");
    if (!matches(outcome.error)) {
      throw this.#unexpected(`to throw ${expected}`, `threw ${told(outcome.error)}`);
    }
  }

  /** @throws AssertionError unless it throws `Cancelled` */
  throwsCancelled(): Promise<void> {
    return this.throws("Cancelled", isCancelled);
  }

  /** @throws AssertionError if it ends although it has nothing to end with */
  async waits(): Promise<void> {
    await settle();
    if (!this.#ended.isSet) return;
    const outcome = this.#outcome as Outcome<T>;
    throw this.#unexpected(
      "to wait",
      "error" in outcome ? `threw ${told(outcome.error)}` : "returned",
    );
  }

  async #end(expected: string): Promise<Outcome<T>> {
    if (await this.#hasEnded()) return this.#outcome as Outcome<T>;
    throw this.#unexpected(expected, `did not end within ${this.#patience} ms`);
  }

  #unexpected(expected: string, happened: string): AssertionError {
    return new AssertionError(`expected ${this.#what} ${expected}, it ${happened}`);
  }
}
