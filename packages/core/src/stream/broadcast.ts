import { shown } from "../shown.ts";
import { ambient } from "../context.ts";
import { type ClosedResourceError, WouldBlock } from "../errors.ts";
import { failedIn, parkIn, passedIn, refusedIn } from "../wait.ts";
import { type Queued, WaitQueue } from "../wait-queue.ts";
import { Channel, closedError, failOwn, type Upstream } from "./channel.ts";
import { MemoryReceiveStream } from "./memory-receive-stream.ts";
import { checkCapacity } from "./memory-stream.ts";
import type { SendStream } from "./stream-types.ts";
import { StreamWatch } from "./unclosed-stream.ts";

const overflows = ["wait", "drop-oldest", "drop-newest", "fail"] as const;

/** What becomes of an item that a subscriber has no room for. See `Broadcast.subscribe()`. */
export type Overflow = (typeof overflows)[number];

export interface SubscribeOptions {
  /** How many items may wait for this subscriber; 0, the default, and Infinity included. */
  capacity?: number;
  /** What becomes of an item that finds no room. Default "wait". */
  overflow?: Overflow;
}

/** A broadcast at one moment. */
export interface BroadcastStatistics {
  /** Subscriptions of which a receive end is open. */
  readonly openSubscriptions: number;
  /** Calls of `send()` that wait for room. */
  readonly tasksWaitingSend: number;
  /** Items that a subscriber with "drop-oldest" or "drop-newest" has lost, counted once for each subscriber. */
  readonly itemsDropped: number;
}

/** One subscriber's place in a broadcast. */
class Subscription<T> implements Upstream {
  readonly channel: Channel<T>;
  readonly overflow: Overflow;
  private readonly broadcast: Broadcast<T>;

  constructor(broadcast: Broadcast<T>, capacity: number, overflow: Overflow) {
    this.broadcast = broadcast;
    this.overflow = overflow;
    this.channel = new Channel(capacity, "a subscription to a broadcast", this);
    this.channel.openSenders = 1;
  }

  get tasksWaiting(): number {
    return this.broadcast.statistics().tasksWaitingSend;
  }

  roomMade(): void {
    this.broadcast.roomMade(this);
  }

  receiversLeft(): void {
    this.broadcast.unsubscribed(this);
  }
}

/**
 * One sender, any number of subscribers, each of which receives every item sent after it
 * subscribed, in order. Without subscribers an item is sent to nobody, and that is no error.
 *
 * Each subscriber says how many items may wait for it and what happens when it falls behind. One
 * with "wait", the default, slows the sender down, and through it everyone: `send()` completes when
 * each such subscriber has room, and then reaches all subscribers in one step, so that a cancelled
 * `send()` has reached none. [K2]
 *
 * `close()` lets subscribers drain what waits for them; then they get `EndOfStream`. [M4]
 *
 * @example
 * const prices = new Broadcast<number>();
 * const chart = prices.subscribe({ capacity: 1, overflow: "drop-oldest" }); // the latest is enough
 * const ledger = prices.subscribe({ capacity: 100 }); // must see all
 * await prices.send(42);
 */
export class Broadcast<T> implements SendStream<T>, Disposable {
  private readonly senders: WaitQueue<void, Queued<void>> = new WaitQueue(
    () => "room at every subscriber of a broadcast",
  );
  private subscriptions: Subscription<T>[] = [];
  /** The subscriber that the longest waiting sender waits for: while it has no room, nobody needs to look. */
  private blocker: Subscription<T> | undefined = undefined;
  private readonly watch: StreamWatch = new StreamWatch("a broadcast");
  private itemsDropped = 0;
  private closed = false;

  constructor() {
    this.watch.add(this);
  }

  /**
   * A stream of every item sent from now on; close it to unsubscribe. It works in `select()`, and
   * clones of it share its items. `overflow` says what becomes of an item that finds `capacity`
   * items waiting and no `receive()`:
   *
   * - "wait": the sender waits for this subscriber;
   * - "drop-oldest": the item that has waited longest is lost, the new one takes its place;
   * - "drop-newest": the new item is lost;
   * - "fail": the subscriber is cut off: it receives what waits for it, then `BrokenResourceError`.
   *
   * @throws ClosedResourceError if the broadcast is closed; RangeError for a capacity that is no
   * non-negative integer or Infinity, or an unknown overflow
   */
  subscribe(options: SubscribeOptions = {}): MemoryReceiveStream<T> {
    const { capacity = 0, overflow = "wait" } = options;
    checkCapacity(capacity, "Broadcast.subscribe()");
    if (!overflows.includes(overflow)) {
      const known = overflows.map((name) => JSON.stringify(name)).join(", ");
      throw new RangeError(
        `Broadcast.subscribe(): overflow is one of ${known}, got ${shown(overflow)}`,
      );
    }
    const failure = this.failure();
    if (failure !== undefined) throw failure;
    const subscription = new Subscription<T>(this, capacity, overflow);
    this.subscriptions.push(subscription);
    return MemoryReceiveStream.create(subscription.channel);
  }

  /**
   * Sends to every subscriber, once each one with "wait" has room; first come, first served. A
   * checkpoint: cancelled, it has sent to nobody. [K1, K2, M2]
   *
   * @throws ClosedResourceError if the broadcast is closed, also meanwhile [M6, M7]
   */
  send(item: T): Promise<void> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    const failure = this.failure();
    if (failure !== undefined) return failedIn(scope, failure);
    if (this.canDeliver()) {
      this.deliver(item);
      return passedIn<void>(scope, undefined);
    }
    const waiter = parkIn<void>(scope);
    waiter.item = item;
    waiter.owner = this;
    this.senders.push(waiter);
    return waiter.promise;
  }

  /**
   * Sends if that needs no waiting. No checkpoint. [K3]
   *
   * @throws WouldBlock if a subscriber with "wait" has no room, or another sender waits; ClosedResourceError as `send()`
   */
  sendNowait(item: T): void {
    const failure = this.failure();
    if (failure !== undefined) throw failure;
    if (!this.canDeliver()) {
      throw new WouldBlock(
        "a subscriber of the broadcast has no room: await send() to wait for it",
      );
    }
    this.deliver(item);
  }

  /** Ends every subscription after what it has in store, at once; sends that wait throw `ClosedResourceError`. No checkpoint. [K3, M4, M7] */
  close(): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  /** As `close()`, for `using`. */
  [Symbol.dispose](): void {
    if (this.closed) return;
    this.closed = true;
    this.watch.remove(this);
    failOwn(this.senders, this);
    const { subscriptions } = this;
    this.subscriptions = [];
    for (const { channel } of subscriptions) channel.closeSender(this);
  }

  /** As `close()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The broadcast at this moment. [M9] */
  statistics(): BroadcastStatistics {
    return {
      openSubscriptions: this.subscriptions.length,
      tasksWaitingSend: this.senders.size,
      itemsDropped: this.itemsDropped,
    };
  }

  /** @internal */
  roomMade(subscription: Subscription<T>): void {
    if (this.senders.size > 0 && subscription === this.blocker) this.serveSenders();
  }

  /** @internal */
  unsubscribed(subscription: Subscription<T>): void {
    const place = this.subscriptions.indexOf(subscription);
    if (place !== -1) this.subscriptions.splice(place, 1);
    this.serveSenders();
  }

  private failure(): ClosedResourceError | undefined {
    return this.closed ? closedError("broadcast") : undefined;
  }

  private canDeliver(): boolean {
    return this.senders.size === 0 && this.everyoneHasRoom();
  }

  /** From the last to the first: receivers are served in order, so the last is likely to be late. */
  private everyoneHasRoom(): boolean {
    const { subscriptions } = this;
    for (let place = subscriptions.length - 1; place >= 0; place--) {
      const subscription = subscriptions[place] as Subscription<T>;
      if (subscription.overflow !== "wait" || subscription.channel.canPut) continue;
      this.blocker = subscription;
      return false;
    }
    this.blocker = undefined;
    return true;
  }

  private serveSenders(): void {
    const { senders } = this;
    for (
      let { first } = senders;
      first !== undefined && this.everyoneHasRoom();
      first = senders.first
    ) {
      const { item } = first;
      first.resume();
      this.deliver(item as T);
    }
  }

  private deliver(item: T): void {
    let lost: Subscription<T>[] | undefined;
    for (const subscription of this.subscriptions) {
      const { channel } = subscription;
      // A select() on two subscriptions waits in both, and leaves the second when the first is served:
      // what it made room for is kept for its next step.
      if (channel.canPut || subscription.overflow === "wait") channel.put(item);
      else if (subscription.overflow === "fail") (lost ??= []).push(subscription);
      else this.drop(subscription, item);
    }
    if (lost !== undefined) for (const subscription of lost) this.cutOff(subscription);
  }

  private drop({ channel, overflow }: Subscription<T>, item: T): void {
    this.itemsDropped++;
    if (overflow === "drop-newest" || channel.capacity === 0) return;
    channel.buffer.shift();
    channel.buffer.push(item);
  }

  private cutOff(subscription: Subscription<T>): void {
    this.subscriptions.splice(this.subscriptions.indexOf(subscription), 1);
    subscription.channel.breakOff(
      `this subscriber fell behind: its buffer of ${subscription.channel.capacity} was full when an item came. ` +
        'Give it more capacity, or another overflow than "fail"',
    );
  }
}
