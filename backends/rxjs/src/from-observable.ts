import {
  BrokenResourceError,
  EndOfStream,
  type MemoryReceiveStream,
  type MemorySendStream,
  memoryStream,
  type ReceiveStream,
} from "@anywhen/core";
import { from, type ObservableInput, Subject, takeUntil } from "rxjs";
import { type FromObservableOptions, type Room, roomFor } from "./overflow.ts";

/** The stream at one moment. */
export interface ObservableStreamStatistics {
  /** Items that have come and not been received yet. */
  readonly currentBufferUsed: number;
  /** The capacity. */
  readonly maxBufferSize: number;
  /** Calls of `receive()` that wait. */
  readonly tasksWaitingReceive: number;
  /** Items that found no room and were lost. */
  readonly itemsDropped: number;
}

/** What `fromObservable()` returns. */
export interface ObservableStream<T> extends ReceiveStream<T>, Disposable {
  /** The stream at this moment. */
  statistics(): ObservableStreamStatistics;
}

/**
 * Subscribes at once, and gives what the source emits as a stream. It ends when the source completes
 * and fails with the source's error, the same object, after what is in store. Nothing is lost between
 * this call and the first `receive()`, also of a source that emits while it is subscribed to; what
 * finds no room is up to `overflow`.
 *
 * `close()`, which `using` and `await using` call, unsubscribes. So does leaving a loop over the
 * stream in any way: by `break`, an error, cancellation. A `receive()` that is cancelled leaves the
 * stream as it is. One that is dropped without being closed is reported as the process warning
 * `ANYWHEN_UNCLOSED_STREAM`, and unsubscribes when the source emits next.
 *
 * A task that waits for it counts as waiting, so a virtual clock may move: the source's time is taken
 * to be the run's.
 *
 * @throws RangeError or TypeError for options that make no sense
 *
 * @example
 * for await (const click of fromObservable(click$, { overflow: "latest" })) await save(click);
 */
export function fromObservable<T>(
  source: ObservableInput<T>,
  options: FromObservableOptions = {},
): ObservableStream<T> {
  return new SubscribedStream<T>(from(source), roomFor(options));
}

class SubscribedStream<T> implements ObservableStream<T> {
  readonly #room: Room;
  readonly #send: MemorySendStream<T>;
  readonly #receive: MemoryReceiveStream<T>;
  /** Unsubscribes, also from a source that is still within `subscribe()`. */
  readonly #stop: Subject<void> = new Subject();
  #failure: { readonly error: unknown } | undefined;
  #itemsDropped = 0;

  constructor(source: ReturnType<typeof from<ObservableInput<T>>>, room: Room) {
    this.#room = room;
    [this.#send, this.#receive] = memoryStream<T>(room.capacity);
    const { send, stop } = { send: this.#send, stop: this.#stop };
    // A source may live for ever. It must not keep a stream alive that nobody can receive from.
    const weakly = new WeakRef<SubscribedStream<T>>(this);
    source.pipe(takeUntil(stop)).subscribe({
      next(item) {
        const stream = weakly.deref();
        if (stream === undefined) stop.next();
        else stream.#offer(item);
      },
      error(error: unknown) {
        const stream = weakly.deref();
        if (stream !== undefined) stream.#fail(error);
        void send.close();
      },
      complete: () => void send.close(),
    });
  }

  async receive(): Promise<T> {
    try {
      return await this.#receive.receive();
    } catch (error) {
      if (error instanceof EndOfStream && this.#failure !== undefined) throw this.#failure.error;
      throw error;
    }
  }

  close(): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    void this.#receive.close();
    this.#stop.next();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** An object of its own: a generator that was not started would not hear `return()`. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: async () => {
        try {
          return { done: false, value: await this.receive() };
        } catch (error) {
          // A loop whose next() rejects does not call return().
          await this.close();
          if (error instanceof EndOfStream) return { done: true, value: undefined };
          throw error;
        }
      },
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  statistics(): ObservableStreamStatistics {
    const { currentBufferUsed, maxBufferSize, tasksWaitingReceive } = this.#receive.statistics();
    const itemsDropped = this.#itemsDropped;
    return { currentBufferUsed, maxBufferSize, tasksWaitingReceive, itemsDropped };
  }

  #offer(item: T): void {
    const { capacity, overflow } = this.#room;
    const { currentBufferUsed, tasksWaitingReceive } = this.#receive.statistics();
    if (currentBufferUsed < capacity || tasksWaitingReceive > 0) {
      this.#send.sendNowait(item);
      return;
    }
    if (overflow === "error") {
      this.#fail(fellBehind(capacity));
      this.#stop.next();
      return;
    }
    this.#itemsDropped++;
    if (overflow === "drop-newest" || capacity === 0) return;
    this.#receive.receiveNowait();
    this.#send.sendNowait(item);
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
  }
}

function fellBehind(capacity: number): BrokenResourceError {
  return new BrokenResourceError(
    `fromObservable(): the source was faster than receive(): its buffer of ${capacity} was full when an item came. ` +
      'Give it more capacity, or say what may be lost: overflow "drop-oldest", "drop-newest" or "latest"; "buffer" keeps all',
  );
}
