import { checkpoint, ResourceGuard, type SendStream } from "anywhen";

/**
 * A send stream around another one, with hooks for a test, and strict with its users: each `send()`
 * passes two checkpoints before it begins, and a second one meanwhile is a `BusyResourceError`, so
 * code that forgets an `await`, or shares a stream that takes one sender, is found out.
 */
export class HookedSendStream<T> implements SendStream<T> {
  /**
   * Called and awaited before each item goes in: it may wait, to hold the sender up, or throw, to make
   * `send()` fail without an effect [K2].
   */
  sendHook: ((item: T) => void | PromiseLike<void>) | undefined = undefined;
  /** Called once, when the stream is closed. */
  closeHook: (() => void) | undefined = undefined;
  readonly #target: SendStream<T>;
  readonly #guard = new ResourceGuard("sending to");
  #closed = false;

  /** @param target where the items go, and what is closed with this stream */
  constructor(target: SendStream<T>) {
    this.#target = target;
  }

  /**
   * Sends to the stream around which this one is. A checkpoint. [K1, K2]
   *
   * @throws BusyResourceError while another `send()` is under way; what the hook or the target throws
   */
  async send(item: T): Promise<void> {
    const use = this.#guard.enter();
    try {
      await checkpoint();
      await checkpoint();
      if (!this.#closed) await this.sendHook?.(item);
      await this.#target.send(item);
    } finally {
      use[Symbol.dispose]();
    }
  }

  /** Closes the target, at once. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.closeHook?.();
    }
    return this.#target.close();
  }

  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
