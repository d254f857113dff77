import { BrokenResourceError, EndOfStream, type ReceiveStream } from "@anywhen/core";
import { Cause, Queue } from "effect";
import { EffectInterruptedError } from "./cause.ts";
import { QueueEnd } from "./queue-end.ts";

/**
 * The items of an Effect queue as one of our streams. It takes one at a time and only while somebody
 * waits, so it robs no other taker; a cancelled `receive()` takes nothing [K2]. It ends where the
 * queue was ended; where the queue was shut down, it is broken; the queue's failure is thrown as it
 * is. `close()` closes this end and leaves the queue alone.
 *
 * For tasks on the Effect backend, as `fromEffect()` is.
 *
 * @example
 * for await (const job of fromQueue(jobs)) await work(job);
 */
export function fromQueue<A, E>(queue: Queue.Dequeue<A, E>): ReceiveStream<A> {
  return new QueueReceiver(queue);
}

class QueueReceiver<A, E> extends QueueEnd implements ReceiveStream<A> {
  readonly #queue: Queue.Dequeue<A, E>;

  constructor(queue: Queue.Dequeue<A, E>) {
    super();
    this.#queue = queue;
  }

  async receive(): Promise<A> {
    try {
      return await this.perform(Queue.take(this.#queue));
    } catch (error) {
      if (Cause.isDone(error)) throw new EndOfStream("the queue was ended");
      if (!(error instanceof EffectInterruptedError)) throw error;
      throw new BrokenResourceError("the queue was shut down before it was ended", {
        cause: error,
      });
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<A, undefined> {
    for (;;) {
      try {
        yield await this.receive();
      } catch (error) {
        if (error instanceof EndOfStream) return;
        throw error;
      }
    }
  }
}
