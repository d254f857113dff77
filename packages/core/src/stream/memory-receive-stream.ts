import { ambient } from "../context.ts";
import {
  type BrokenResourceError,
  type ClosedResourceError,
  EndOfStream,
  WouldBlock,
} from "../errors.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import { failedIn, parkIn, passedIn, refusedIn } from "../wait.ts";
import { type Channel, closedError } from "./channel.ts";
import type { MemoryStreamStatistics, ReceiveStream } from "./stream-types.ts";

/**
 * The receiving end of a `memoryStream()`. Clones of it are ends of their own on the same stream:
 * each item goes to one of them. [M1-M10]
 */
export class MemoryReceiveStream<T> implements ReceiveStream<T>, Disposable {
  /** @internal */ readonly channel: Channel<T>;
  private closed = false;

  private constructor(channel: Channel<T>) {
    this.channel = channel;
    channel.openReceivers++;
    channel.watch.add(this);
  }

  /** @internal */
  static create<T>(channel: Channel<T>): MemoryReceiveStream<T> {
    return new MemoryReceiveStream(channel);
  }

  /**
   * Takes the oldest item, or waits for one. A checkpoint: cancelled, it has taken nothing.
   * [K1, K2, M2, M3]
   *
   * @throws EndOfStream when every send end is closed and nothing is left [M4]; ClosedResourceError
   * if this end is closed, also meanwhile [M6, M7]
   */
  receive(): Promise<T> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    if (!this.closed && this.channel.canTake) return passedIn(scope, this.channel.take());
    const failure = this.failure();
    return failure === undefined ? this.parkedIn(scope) : failedIn(scope, failure);
  }

  /**
   * Takes the oldest item if there is one. No checkpoint. [K3]
   *
   * @throws WouldBlock if there is none yet; EndOfStream and ClosedResourceError as `receive()`
   */
  receiveNowait(): T {
    if (!this.closed && this.channel.canTake) return this.channel.take();
    throw (
      this.failure() ?? new WouldBlock("no item has been sent yet: await receive() to wait for one")
    );
  }

  /**
   * Another receive end of the same stream, to share its items between tasks.
   *
   * @throws ClosedResourceError if this end is closed [M6]
   */
  clone(): MemoryReceiveStream<T> {
    if (this.closed) throw closedError("receive end of a memory stream");
    return new MemoryReceiveStream(this.channel);
  }

  /**
   * Closes this end, at once; calls that wait on it throw `ClosedResourceError`. Closing the last one
   * drops what nobody received. No checkpoint. [K3, M5, M7]
   */
  close(): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  /** As `close()`, for `using`. */
  [Symbol.dispose](): void {
    if (this.closed) return;
    this.closed = true;
    this.channel.watch.remove(this);
    this.channel.closeReceiver(this);
  }

  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Receives until the stream ends. Leaving the loop early leaves this end open. Each step is a checkpoint. [M8] */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return new ReceiveIterator(this);
  }

  /** The stream at this moment. [M9] */
  statistics(): MemoryStreamStatistics {
    return this.channel.statistics();
  }

  /** @internal Why nothing can be received, now or ever. */
  failure(): ClosedResourceError | EndOfStream | BrokenResourceError | undefined {
    if (this.closed) return closedError("receive end of a memory stream");
    const { channel } = this;
    return channel.openSenders === 0 && !channel.canTake ? channel.endError() : undefined;
  }

  /** @internal A step of an iteration; what is there needs no second promise. */
  next(): Promise<IteratorResult<T>> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    const { channel } = this;
    if (!this.closed && channel.canTake) return passedIn(scope, asStep(channel.take()));
    if (!this.closed && channel.ended)
      return passedIn<IteratorResult<T>>(scope, { done: true, value: undefined });
    const failure = this.failure();
    if (failure !== undefined) return failedIn(scope, failure);
    return this.parkedIn(scope).then<IteratorResult<T>, IteratorResult<T>>(asStep, asLastStep);
  }

  private parkedIn(scope: CancelScope | undefined): Promise<T> {
    const { channel } = this;
    const waiter = parkIn<T>(scope);
    waiter.owner = this;
    channel.receivers.push(waiter);
    channel.upstream?.roomMade();
    return waiter.promise;
  }
}

/** One loop over a stream. It has no `return()`, so that leaving the loop closes nothing. [M8] */
class ReceiveIterator<T> implements AsyncIterator<T> {
  private readonly stream: MemoryReceiveStream<T>;

  constructor(stream: MemoryReceiveStream<T>) {
    this.stream = stream;
  }

  next(): Promise<IteratorResult<T>> {
    return this.stream.next();
  }
}

function asStep<T>(value: T): IteratorResult<T> {
  return { done: false, value };
}

function asLastStep(error: unknown): IteratorResult<never> {
  if (error instanceof EndOfStream) return { done: true, value: undefined };
  throw error;
}
