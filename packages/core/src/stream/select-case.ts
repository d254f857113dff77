import { notMilliseconds } from "../arguments.ts";
import { shown } from "../shown.ts";
import type { Engine } from "../engine.ts";
import { Event } from "../sync/event.ts";
import { WaitAlarm } from "../timer-queue.ts";
import type { Queued, WaitQueue } from "../wait-queue.ts";
import { MemoryReceiveStream } from "./memory-receive-stream.ts";
import { MemorySendStream } from "./memory-send-stream.ts";
import type { Registration } from "./selection.ts";

/** A case of `select()`: made by `receiving`, `sending`, `elapsed` or `happened`, and usable again and again. */
export interface Case<T> {
  /** Carries the type of the case's value; never there at run time. */
  readonly __case?: T;
}

/** What `select()` asks of a case. A case keeps no state: several calls may wait with it at once. */
export abstract class SelectCase<T> implements Case<T> {
  declare readonly __case?: T;
  /** What the case's call would throw, without waiting. [M16] */
  failure(): Error | undefined {
    return undefined;
  }
  /** Whether `commit()` can be called. */
  abstract ready(): boolean;
  /** Takes effect. */
  abstract commit(): T;
  /** Puts `registration` where it hears that the case can proceed. */
  abstract join(registration: Registration, engine: Engine): void;
}

class Receiving<T> extends SelectCase<T> {
  private readonly stream: MemoryReceiveStream<T>;

  constructor(stream: MemoryReceiveStream<T>) {
    super();
    this.stream = stream;
  }

  override failure(): Error | undefined {
    return this.stream.failure();
  }

  ready(): boolean {
    return this.stream.channel.canTake;
  }

  commit(): T {
    return this.stream.channel.take();
  }

  join(registration: Registration): void {
    const { channel } = this.stream;
    registration.owner = this.stream;
    channel.receivers.push(registration as Queued<T>);
    channel.upstream?.roomMade();
  }
}

class Sending<T> extends SelectCase<void> {
  private readonly stream: MemorySendStream<T>;
  private readonly item: T;

  constructor(stream: MemorySendStream<T>, item: T) {
    super();
    this.stream = stream;
    this.item = item;
  }

  override failure(): Error | undefined {
    return this.stream.failure();
  }

  ready(): boolean {
    return this.stream.channel.canPut;
  }

  commit(): void {
    this.stream.channel.put(this.item);
  }

  join(registration: Registration): void {
    registration.item = this.item;
    registration.owner = this.stream;
    this.stream.channel.senders.push(registration);
  }
}

class Elapsed extends SelectCase<void> {
  private readonly ms: number;

  constructor(ms: number) {
    super();
    this.ms = ms;
  }

  ready(): boolean {
    return this.ms <= 0;
  }

  commit(): void {}

  join(registration: Registration, engine: Engine): void {
    WaitAlarm.set(engine.now() + this.ms, registration, engine.timers);
  }
}

class Happened extends SelectCase<void> {
  private readonly event: Event;

  constructor(event: Event) {
    super();
    this.event = event;
  }

  ready(): boolean {
    return this.event.isSet;
  }

  commit(): void {}

  join(registration: Registration): void {
    // A queue of plain waits elsewhere: it resumes all of them and asks nothing more of them.
    (this.event.waiters as WaitQueue<void, never> as WaitQueue<void, Registration>).push(
      registration,
    );
  }
}

/**
 * A case of `select()`: an item comes out of `stream`, as by `receive()`. Its value is the item.
 *
 * @throws TypeError for what is no receive end of a memory stream
 */
export function receiving<T>(stream: MemoryReceiveStream<T>): Case<T> {
  if (stream instanceof MemoryReceiveStream) return new Receiving(stream);
  throw new TypeError(
    `receiving() takes the receive end of a memoryStream(), got ${shown(stream)}`,
  );
}

/**
 * A case of `select()`: `item` goes into `stream`, as by `send()`.
 *
 * @throws TypeError for what is no send end of a memory stream
 */
export function sending<T>(stream: MemorySendStream<T>, item: T): Case<void> {
  if (stream instanceof MemorySendStream) return new Sending(stream, item);
  throw new TypeError(`sending() takes the send end of a memoryStream(), got ${shown(stream)}`);
}

/**
 * A case of `select()`: `ms` milliseconds have passed since the call of `select()`. Infinity never comes.
 *
 * @throws RangeError for NaN, TypeError for what is no number
 */
export function elapsed(ms: number): Case<void> {
  const wrong = notMilliseconds(ms, "elapsed()");
  if (wrong !== undefined) throw wrong;
  return new Elapsed(ms);
}

/**
 * A case of `select()`: `event` is set.
 *
 * @throws TypeError for what is no `Event` of this library
 */
export function happened(event: Event): Case<void> {
  if (event instanceof Event) return new Happened(event);
  throw new TypeError(`happened() takes an Event of this library, got ${shown(event)}`);
}
