import { shown } from "../shown.ts";
import { ambient } from "../context.ts";
import { EndOfStream } from "../errors.ts";
import { failedIn, parkIn, passedIn, refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { closedError } from "./channel.ts";
import { pullFrom, type PullSource } from "./pull-source.ts";
import { Ring } from "./ring.ts";
import type { ReceiveStream } from "./stream-types.ts";

/** Receives from a source that can only be asked for its next item. */
class PulledStream<T> implements ReceiveStream<T> {
  private readonly source: PullSource<T>;
  private readonly receivers: WaitQueue<T> = new WaitQueue(() => "an item of a readable");
  /** Items whose receiver was cancelled before they came. [K2] */
  private readonly early: Ring<T> = new Ring();
  private pulling = false;
  /** How the source has ended: `EndOfStream`, or the source's own error, for ever. */
  private ending: (() => unknown) | undefined = undefined;
  private closing: Promise<void> | undefined = undefined;

  constructor(source: PullSource<T>) {
    this.source = source;
  }

  receive(): Promise<T> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    if (this.closing !== undefined) return failedIn(scope, closedError("stream"));
    if (this.early.size > 0) return passedIn(scope, this.early.shift());
    if (this.ending !== undefined) return failedIn(scope, this.ending());
    const waiter = parkIn<T>(scope, this.source.kind);
    this.receivers.push(waiter);
    if (!this.pulling) this.pull();
    return waiter.promise;
  }

  close(): Promise<void> {
    if (this.closing === undefined) {
      const { ending } = this;
      this.closing = ending === undefined ? this.source.stop() : Promise.resolve();
      this.early.clear();
      this.endWaits(() => closedError("stream"));
    }
    return this.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: () =>
        this.receive().then(
          (value): IteratorResult<T> => ({ done: false, value }),
          (error: unknown): IteratorResult<T> => {
            if (error instanceof EndOfStream) return { done: true, value: undefined };
            throw error;
          },
        ),
      return: async () => {
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  /** One at a time, and only while somebody waits: that is the back-pressure. */
  private pull(): void {
    this.pulling = true;
    this.source.next().then(
      (step) => {
        this.pulling = false;
        if (this.closing !== undefined) return;
        if (step.done === true) this.end(() => new EndOfStream("the readable has ended"));
        else this.arrived(step.value);
      },
      (error: unknown) => {
        this.pulling = false;
        if (this.closing === undefined) this.end(() => error);
      },
    );
  }

  private arrived(item: T): void {
    const { first } = this.receivers;
    if (first === undefined) this.early.push(item);
    else first.resume(item);
    if (this.receivers.size > 0) this.pull();
  }

  private end(ending: () => unknown): void {
    this.ending = ending;
    this.source.ended();
    this.endWaits(ending);
  }

  private endWaits(errorOf: () => unknown): void {
    const { receivers } = this;
    for (let { first } = receivers; first !== undefined; first = receivers.first)
      first.fail(errorOf());
  }
}

/**
 * One of our streams over a web `ReadableStream`, a Node `Readable` or any async iterable, which it
 * takes over. It asks for an item only when somebody waits for one. A cancelled `receive()` loses no
 * item: the next one gets it [K2]. The source's error is thrown as it is, by this `receive()` and all
 * later ones. `close()`, or leaving a loop over it early, stops the source: cancels the
 * `ReadableStream`, destroys the `Readable`, ends the iterator with `return()`; it resolves when that
 * is done, and is no checkpoint.
 *
 * An async generator runs in a scope of its own, which `close()` cancels where it waits. An iterable
 * that waits for the outside without this library counts as waiting, not as running, for
 * `waitAllTasksBlocked()` and virtual clocks.
 *
 * @throws TypeError for what is no source, or a `ReadableStream` that is locked
 *
 * @example
 * const response = await cancellable((signal) => fetch(url, { signal }));
 * for await (const chunk of fromReadable(response.body)) await write(chunk);
 */
export function fromReadable<T>(source: ReadableStream<T> | AsyncIterable<T>): ReceiveStream<T> {
  const pullable = pullFrom<T>(source);
  if (pullable !== undefined) return new PulledStream(pullable);
  throw new TypeError(
    `fromReadable() takes a ReadableStream or an async iterable, got ${shown(source)}`,
  );
}
