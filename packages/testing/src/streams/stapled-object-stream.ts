import type { ObjectStream, ReceiveStream, SendStream } from "anywhen";
import { iteratorOf } from "./receive-iterator.ts";

/** Two streams as the two directions of one. After AnyIO's class of this name. */
export class StapledObjectStream<
  T,
  S extends SendStream<T> = SendStream<T>,
  R extends ReceiveStream<T> = ReceiveStream<T>,
> implements ObjectStream<T> {
  readonly sendStream: S;
  readonly receiveStream: R;

  /** Takes both streams over: `close()` closes them. */
  constructor(sendStream: S, receiveStream: R) {
    this.sendStream = sendStream;
    this.receiveStream = receiveStream;
  }

  /** Sends to `sendStream`. A checkpoint if that is one. */
  send(item: T): Promise<void> {
    return this.sendStream.send(item);
  }

  /** Receives from `receiveStream`. A checkpoint if that is one. */
  receive(): Promise<T> {
    return this.receiveStream.receive();
  }

  /** Closes `sendStream`: the other side receives `EndOfStream`, this side goes on receiving. */
  sendEof(): Promise<void> {
    return this.sendStream.close();
  }

  /** Closes both at once; throws what the first of them to fail throws, after both are closed. */
  async close(): Promise<void> {
    const closing = [this.sendStream.close(), this.receiveStream.close()];
    for (const outcome of await Promise.allSettled(closing)) {
      if (outcome.status === "rejected") throw outcome.reason;
    }
  }

  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Receives until the other side ends. Leaving the loop early closes nothing. [M8] */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return iteratorOf(this);
  }
}
