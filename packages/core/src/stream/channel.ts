import { BrokenResourceError, ClosedResourceError, EndOfStream } from "../errors.ts";
import { type Queued, WaitQueue } from "../wait-queue.ts";
import { Ring } from "./ring.ts";
import type { MemoryStreamStatistics } from "./stream-types.ts";
import { StreamWatch } from "./unclosed-stream.ts";

/** Who fills a channel instead of send ends: a `Broadcast`, which must have room in every channel at once. */
export interface Upstream {
  readonly tasksWaiting: number;
  /** An item was taken, or a receiver has begun to wait. */
  roomMade(): void;
  /** The last receive end was closed. */
  receiversLeft(): void;
}

const describeReceive = (): string => "an item of a memory stream";
const describeSend = (): string => "room in a memory stream";

/**
 * What the two ends of a memory stream and their clones share. Nothing in here waits or knows of
 * scopes; it moves items, in one synchronous step each, so that a call either took effect or did not.
 *
 * While a receiver waits the buffer is empty; while a sender waits it is full. Both wait at once
 * only if both are cases of one `select()`.
 */
export class Channel<T> {
  readonly capacity: number;
  readonly buffer: Ring<T> = new Ring();
  readonly senders: WaitQueue<void, Queued<void>> = new WaitQueue(describeSend);
  readonly receivers: WaitQueue<T, Queued<T>> = new WaitQueue(describeReceive);
  openSenders = 0;
  openReceivers = 0;
  readonly watch: StreamWatch;
  readonly upstream: Upstream | undefined;
  /** Why no item will come any more, if it did not simply end. */
  private brokenBecause: string | undefined = undefined;

  constructor(capacity: number, kind: string, upstream: Upstream | undefined) {
    this.capacity = capacity;
    this.watch = new StreamWatch(kind);
    this.upstream = upstream;
  }

  /** Whether `take()` has something to take. */
  get canTake(): boolean {
    return this.buffer.size > 0 || this.senders.size > 0;
  }

  /** Whether `put()` has a receiver or a free place for an item. */
  get canPut(): boolean {
    return this.receivers.size > 0 || this.buffer.size < this.capacity;
  }

  /** Takes the oldest item; a waiting sender's moves into the place that is free now. [M2] */
  take(): T {
    const { buffer, senders, upstream } = this;
    const sender = senders.first;
    if (buffer.size === 0) {
      const item = (sender as Queued<void>).item as T;
      sender?.resume();
      return item;
    }
    const item = buffer.shift();
    if (sender !== undefined) {
      buffer.push(sender.item as T);
      sender.resumeBehind();
    } else if (upstream !== undefined) upstream.roomMade();
    if (this.openSenders === 0 && buffer.size === 0) this.watch.over = true;
    return item;
  }

  /** Hands the item to the receiver that has waited longest, else stores it. [M2, M3] */
  put(item: T): void {
    const receiver = this.receivers.first;
    if (receiver === undefined) this.buffer.push(item);
    else if (this.capacity === 0) receiver.resume(item);
    else receiver.resumeBehind(item);
  }

  /** A send end, `owner`, is closed. [M4, M7] */
  closeSender(owner: object): void {
    failOwn(this.senders, owner);
    if (--this.openSenders === 0) this.end();
  }

  /** A receive end, `owner`, is closed. [M5, M7] */
  closeReceiver(owner: object): void {
    failOwn(this.receivers, owner);
    if (--this.openReceivers > 0) return;
    this.watch.over = true;
    this.buffer.clear();
    const { senders } = this;
    for (let { first } = senders; first !== undefined; first = senders.first)
      first.fail(brokenError());
    this.upstream?.receiversLeft();
  }

  /** Receivers get what is in the buffer, then this. */
  breakOff(reason: string): void {
    this.brokenBecause = reason;
    this.openSenders = 0;
    this.end();
  }

  /** Whether receivers that drained it have come to an orderly end. */
  get ended(): boolean {
    return this.openSenders === 0 && this.buffer.size === 0 && this.brokenBecause === undefined;
  }

  /** What `receive()` throws once nothing is left. [M4] */
  endError(): EndOfStream | BrokenResourceError {
    return this.brokenBecause === undefined
      ? new EndOfStream(
          "the memory stream has ended: every send end is closed and every item received",
        )
      : new BrokenResourceError(this.brokenBecause);
  }

  statistics(): MemoryStreamStatistics {
    return {
      currentBufferUsed: this.buffer.size,
      maxBufferSize: this.capacity,
      openSendStreams: this.openSenders,
      openReceiveStreams: this.openReceivers,
      tasksWaitingSend: this.upstream?.tasksWaiting ?? this.senders.size,
      tasksWaitingReceive: this.receivers.size,
    };
  }

  private end(): void {
    if (this.buffer.size === 0) this.watch.over = true;
    const { receivers } = this;
    for (let { first } = receivers; first !== undefined; first = receivers.first)
      first.fail(this.endError());
  }
}

/** What `send()` throws when nobody can receive any more. [M5] */
export function brokenError(): BrokenResourceError {
  return new BrokenResourceError(
    "nobody can receive this item: every receive end of the memory stream is closed",
  );
}

/** What calls on a closed end throw, and calls that wait on it when it is closed. [M6, M7] */
export function closedError(end: string): ClosedResourceError {
  return new ClosedResourceError(
    `this ${end} has been closed: close it after its last use, and give each task that closes one a clone()`,
  );
}

/** Ends the waits that were begun on one end. Failing one case of a `select()` takes its others out too. [M7] */
export function failOwn<T>(queue: WaitQueue<T, Queued<T>>, owner: object): void {
  const own: Queued<T>[] = [];
  for (
    let waiting: Queued<T> | undefined = queue.first;
    waiting !== undefined;
    waiting = waiting.next
  ) {
    if (waiting.owner === owner) own.push(waiting);
  }
  for (const waiting of own) waiting.fail(closedError("end of a stream"));
}
