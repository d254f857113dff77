import { ambient } from "../context.ts";
import { type BrokenResourceError, type ClosedResourceError, WouldBlock } from "../errors.ts";
import { failedIn, parkIn, passedIn, refusedIn } from "../wait.ts";
import { brokenError, type Channel, closedError } from "./channel.ts";
import type { MemoryStreamStatistics, SendStream } from "./stream-types.ts";

/** The sending end of a `memoryStream()`. Clones of it are ends of their own on the same stream. [M1-M10] */
export class MemorySendStream<T> implements SendStream<T>, Disposable {
  /** @internal */ readonly channel: Channel<T>;
  private closed = false;

  private constructor(channel: Channel<T>) {
    this.channel = channel;
    channel.openSenders++;
    channel.watch.add(this);
  }

  /** @internal */
  static create<T>(channel: Channel<T>): MemorySendStream<T> {
    return new MemorySendStream(channel);
  }

  /**
   * Hands the item to a waiting receiver, else stores it, else waits until there is room. A
   * checkpoint: cancelled, it has sent nothing. [K1, K2, M1, M2, M5a]
   *
   * @throws ClosedResourceError if this end is closed, also meanwhile [M6, M7]; BrokenResourceError
   * if every receive end is [M5]
   */
  send(item: T): Promise<void> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    const failure = this.failure();
    if (failure !== undefined) return failedIn(scope, failure);
    const { channel } = this;
    if (channel.canPut) {
      channel.put(item);
      return passedIn<void>(scope, undefined);
    }
    const waiter = parkIn<void>(scope);
    waiter.item = item;
    waiter.owner = this;
    channel.senders.push(waiter);
    return waiter.promise;
  }

  /**
   * Sends if that needs no waiting. No checkpoint. [K3]
   *
   * @throws WouldBlock if there is neither a waiting receiver nor room; ClosedResourceError and
   * BrokenResourceError as `send()`
   */
  sendNowait(item: T): void {
    const failure = this.failure();
    if (failure !== undefined) throw failure;
    if (this.channel.canPut) {
      this.channel.put(item);
      return;
    }
    const { capacity } = this.channel;
    const why =
      capacity === 0 ? "no receiver is waiting" : `all ${capacity} places of the buffer are taken`;
    throw new WouldBlock(`${why}: await send() to wait`);
  }

  /**
   * Another send end: the stream ends only when each is closed. [M4]
   *
   * @throws ClosedResourceError if this end is closed [M6]
   */
  clone(): MemorySendStream<T> {
    if (this.closed) throw closedError("send end of a memory stream");
    return new MemorySendStream(this.channel);
  }

  /** Closes this end, at once; calls that wait on it throw `ClosedResourceError`. No checkpoint. [K3, M4, M7] */
  close(): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  /** As `close()`, for `using`. */
  [Symbol.dispose](): void {
    if (this.closed) return;
    this.closed = true;
    this.channel.watch.remove(this);
    this.channel.closeSender(this);
  }

  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The stream at this moment. [M9] */
  statistics(): MemoryStreamStatistics {
    return this.channel.statistics();
  }

  /** @internal Why nothing can be sent, now or ever. */
  failure(): ClosedResourceError | BrokenResourceError | undefined {
    if (this.closed) return closedError("send end of a memory stream");
    return this.channel.openReceivers === 0 ? brokenError() : undefined;
  }
}
