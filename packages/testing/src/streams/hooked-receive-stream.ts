import { checkpoint, type ReceiveStream, ResourceGuard } from "anywhen";
import { iteratorOf } from "./receive-iterator.ts";

/**
 * A receive stream around another one, with hooks for a test, and strict with its users: each
 * `receive()` passes two checkpoints before it begins, and a second one meanwhile is a
 * `BusyResourceError`.
 */
export class HookedReceiveStream<T> implements ReceiveStream<T> {
  /** Called and awaited before each item is taken: it may wait, send what is to come, or throw. [K2] */
  receiveHook: (() => void | PromiseLike<void>) | undefined = undefined;
  /** Called once, when the stream is closed. */
  closeHook: (() => void) | undefined = undefined;
  readonly #source: ReceiveStream<T>;
  readonly #guard = new ResourceGuard("receiving from");
  #closed = false;

  /** @param source where the items come from, and what is closed with this stream */
  constructor(source: ReceiveStream<T>) {
    this.#source = source;
  }

  /**
   * Receives from the stream around which this one is. A checkpoint. [K1, K2]
   *
   * @throws BusyResourceError while another `receive()` is under way; what the hook or the source throws
   */
  async receive(): Promise<T> {
    const use = this.#guard.enter();
    try {
      await checkpoint();
      await checkpoint();
      if (!this.#closed) await this.receiveHook?.();
      return await this.#source.receive();
    } finally {
      use[Symbol.dispose]();
    }
  }

  /** Closes the source, at once. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.closeHook?.();
    }
    return this.#source.close();
  }

  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Receives until the stream ends. Leaving the loop early leaves this end open. [M8] */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return iteratorOf(this);
  }
}
