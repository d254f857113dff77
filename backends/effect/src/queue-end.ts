import { CancelScope, ClosedResourceError } from "@anywhen/core";
import type { Effect } from "effect";
import { fromEffect } from "./from-effect.ts";

/** What both ends of a queue have in common: closing an end makes its own waiting calls throw. [M6, M7] */
export class QueueEnd implements AsyncDisposable {
  readonly #waiting: Set<CancelScope> = new Set();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** Takes effect at once, as for every stream of ours. */
  close(): Promise<void> {
    this.#closed = true;
    for (const scope of this.#waiting) scope.cancel("this end of the queue was closed");
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Awaits an operation on the queue, until this end is closed. */
  protected async perform<A, E>(operation: Effect.Effect<A, E>): Promise<A> {
    if (this.#closed) throw this.#closedError();
    const scope = new CancelScope({ name: "an operation on a queue" });
    this.#waiting.add(scope);
    let result: { readonly value: A } | undefined;
    try {
      result = await scope.run(async () => ({ value: await fromEffect(operation) }));
    } finally {
      this.#waiting.delete(scope);
    }
    if (result === undefined) throw this.#closedError();
    return result.value;
  }

  #closedError(): ClosedResourceError {
    return new ClosedResourceError(
      "this end of the queue has been closed: nothing goes through it any more",
    );
  }
}
