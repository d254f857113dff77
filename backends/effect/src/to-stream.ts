import { EndOfStream, type ReceiveStream } from "@anywhen/core";
import { Cause, Effect, Stream } from "effect";
import { toEffect } from "./to-effect.ts";

/**
 * One of our streams as an Effect `Stream`, which takes it over: however the stream is left, the
 * source is closed. It receives one item at a time and only when the consumer wants one, so a slow
 * consumer slows the sender down. An interruption loses no item. It ends where `receive()` would
 * throw `EndOfStream`; other errors are defects, or what `catch` makes of them, as in `toEffect()`.
 *
 * @example
 * toStream(receive).pipe(Stream.map(parse), Stream.runForEach(store));
 */
export function toStream<A>(source: ReceiveStream<A>): Stream.Stream<A>;
export function toStream<A, E>(
  source: ReceiveStream<A>,
  options: { readonly catch: (error: unknown) => E },
): Stream.Stream<A, Exclude<E, undefined | void>>;
export function toStream<A>(
  source: ReceiveStream<A>,
  options: { readonly catch?: (error: unknown) => unknown } = {},
): Stream.Stream<A, unknown> {
  const receive = toEffect(() => received(source), {
    catch: (error: unknown) => options.catch?.(error),
    name: "toStream",
  });
  const pull = Effect.flatMap(receive, (step) =>
    step.done ? Cause.done() : Effect.succeed<[A]>([step.item]),
  );
  const close = toEffect(() => source.close(), { name: "toStream" });
  return Stream.fromPull(
    Effect.as(
      Effect.addFinalizer(() => close),
      pull,
    ),
  ).pipe(Stream.scoped);
}

type Step<A> = { readonly done: false; readonly item: A } | { readonly done: true };

async function received<A>(source: ReceiveStream<A>): Promise<Step<A>> {
  try {
    return { done: false, item: await source.receive() };
  } catch (error) {
    if (error instanceof EndOfStream) return { done: true };
    throw error;
  }
}
