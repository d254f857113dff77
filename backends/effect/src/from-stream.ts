import { Event, fromReadable, type ReceiveStream, shield } from "@anywhen/core";
import { type Context, Effect, Exit, Pull, Scope, Stream } from "effect";
import { awaitEffect } from "./await-effect.ts";
import { causeOf } from "./cause.ts";
import { currentFiber } from "./current-fiber.ts";
import { inheritedContext } from "./spawner-context.ts";

/**
 * An Effect `Stream` as one of our streams. It runs in the context of the fiber that the calling task
 * is, and begins with the first `receive()`; it produces only while somebody waits for an item, a
 * chunk at a time. A cancelled `receive()` loses no item: the next one gets it [K2]. The stream's
 * failure is thrown as `fromEffect()` would.
 *
 * `close()`, or leaving a loop over it early, interrupts the stream and waits for its finalizers; so
 * close it, for example with `await using`. What has ended or failed is closed.
 *
 * @throws UsageError outside a task on the Effect backend
 *
 * @example
 * for await (const line of fromStream(lines)) await handle(line);
 */
export function fromStream<A, E>(stream: Stream.Stream<A, E>): ReceiveStream<A> {
  const fiber = currentFiber("fromStream()");
  return fromReadable(new Chunks(stream, inheritedContext(fiber, fiber.context)));
}

/** What `fromReadable` makes a stream of: it asks for one item after the other. */
class Chunks<A, E> implements AsyncIterable<A>, AsyncIterator<A> {
  readonly #stream: Stream.Stream<A, E>;
  readonly #context: Context.Context<never>;
  #scope: Scope.Closeable | undefined;
  #pull: Effect.Effect<readonly A[] | undefined, E> | undefined;
  #chunk: Iterator<A> = [][Symbol.iterator]();
  /** Set when the pull that is under way has ended. */
  #pulled: Event | undefined;

  constructor(stream: Stream.Stream<A, E>, context: Context.Context<never>) {
    this.#stream = stream;
    this.#context = context;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<A>> {
    const item = this.#chunk.next();
    if (item.done !== true) return item;
    const chunk = await this.#nextChunk();
    if (chunk === undefined) {
      await this.#close(Exit.void);
      return { done: true, value: undefined };
    }
    this.#chunk = chunk[Symbol.iterator]();
    return this.next();
  }

  /** A pull under way has been cancelled by `fromReadable`; its finalizers are still at work. */
  async return(): Promise<IteratorResult<A>> {
    const pulled = this.#pulled;
    if (pulled !== undefined) await shield(() => pulled.wait());
    await this.#close(Exit.void);
    return { done: true, value: undefined };
  }

  async #nextChunk(): Promise<readonly A[] | undefined> {
    const pulled = new Event();
    this.#pulled = pulled;
    try {
      this.#pull ??= await this.#opened();
      return await this.#await(this.#pull);
    } catch (error) {
      await this.#close(Exit.failCause(causeOf(error, (failure) => failure)));
      throw error;
    } finally {
      this.#pulled = undefined;
      pulled.set();
    }
  }

  async #opened(): Promise<Effect.Effect<readonly A[] | undefined, E>> {
    this.#scope = Scope.makeUnsafe();
    const pull = await this.#await(Scope.provide(Stream.toPull(this.#stream), this.#scope));
    return Pull.catchDone(pull, () => Effect.succeed(undefined));
  }

  /** Also when the scope around it is cancelled. */
  async #close(exit: Exit.Exit<unknown, unknown>): Promise<void> {
    const scope = this.#scope;
    this.#scope = undefined;
    if (scope !== undefined) await shield(() => this.#await(Scope.close(scope, exit)));
  }

  #await<B, F>(effect: Effect.Effect<B, F>): Promise<B> {
    return awaitEffect(effect, () => this.#context);
  }
}
