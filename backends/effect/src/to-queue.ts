import { BrokenResourceError, type SendStream } from "@anywhen/core";
import { type Cause, Queue } from "effect";
import { QueueEnd } from "./queue-end.ts";

/**
 * An Effect queue as the end of a stream that one sends to. `send()` waits while the queue is full, if
 * the queue suspends its producers; a cancelled `send()` has put nothing in [K2]. Where the queue was
 * ended, shut down or has failed, the stream is broken. `close()` ends the queue: takers get what is
 * in it, and then its end.
 *
 * For tasks on the Effect backend, as `fromEffect()` is.
 *
 * @example
 * await pipe(fromReadable(response.body), toQueue(chunks));
 */
export function toQueue<A, E>(queue: Queue.Enqueue<A, E | Cause.Done>): SendStream<A> {
  return new QueueSender(queue);
}

class QueueSender<A, E> extends QueueEnd implements SendStream<A> {
  readonly #queue: Queue.Enqueue<A, E | Cause.Done>;

  constructor(queue: Queue.Enqueue<A, E | Cause.Done>) {
    super();
    this.#queue = queue;
  }

  async send(item: A): Promise<void> {
    const accepted = await this.perform(Queue.offer(this.#queue, item));
    // A queue that drops what it has no room for refuses items too, and is none the worse for it.
    if (accepted || this.#queue.state._tag === "Open") return;
    throw new BrokenResourceError(
      "the queue takes no more items: it was ended, shut down or has failed",
    );
  }

  override close(): Promise<void> {
    const closed = super.close();
    Queue.endUnsafe(this.#queue);
    return closed;
  }
}
