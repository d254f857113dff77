import { checkpoint, EndOfStream, type ReceiveStream } from "@anywhen/core";
import { shown } from "./shown.ts";

type Emit<T> = (item: T) => void;
/** Resolves with the only item, where there is just one: the work is done when it is emitted. */
export type Produce<T> = (emit: Emit<T>) => Promise<{ readonly only: T } | undefined>;

/**
 * How the items of `source` come.
 *
 * @throws TypeError for what is neither function nor stream
 */
export function producerOf<T>(
  source: ReceiveStream<T> | (() => AsyncIterable<T> | T | PromiseLike<T>),
): Produce<T> {
  if (typeof source === "function") return (emit) => emitResult(source, emit);
  if (typeof (source as Partial<ReceiveStream<T>> | null)?.receive === "function") {
    return (emit) => emitReceived(source, emit);
  }
  throw new TypeError(
    `toObservable() takes an async function, an async generator or a ReceiveStream, got ${shown(source)}`,
  );
}

async function emitResult<T>(
  work: () => AsyncIterable<T> | T | PromiseLike<T>,
  emit: Emit<T>,
): Promise<{ readonly only: T } | undefined> {
  const result = work();
  if (!isAsyncIterable<T>(result)) return { only: await result };
  for await (const item of result) {
    emit(item);
    // Ends the loop, and with it the generator, when that was all the subscriber wanted. [K4]
    await checkpoint();
  }
  return undefined;
}

async function emitReceived<T>(stream: ReceiveStream<T>, emit: Emit<T>): Promise<undefined> {
  try {
    for (;;) emit(await stream.receive());
  } catch (error) {
    if (!(error instanceof EndOfStream)) throw error;
  }
}

function isAsyncIterable<T>(value: unknown): value is AsyncIterable<T> {
  return (
    typeof (value as Partial<AsyncIterable<T>> | null | undefined)?.[Symbol.asyncIterator] ===
    "function"
  );
}
