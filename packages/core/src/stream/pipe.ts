import { EndOfStream } from "../errors.ts";
import { shield } from "../scope/timeouts.ts";
import type { ReceiveStream, SendStream } from "./stream-types.ts";

/**
 * Moves every item from `source` to `target`, one at a time, so that a slow target slows the source
 * down. Resolves when the source has ended. It takes both streams over: however it ends, it closes
 * both, so that the end, failure or cancellation of one side reaches the other. An item that was
 * taken and not passed on yet is lost when the call is cancelled. A checkpoint, again and again.
 *
 * @throws what either stream throws, other than the source's `EndOfStream`
 *
 * @example
 * await pipe(fromReadable(response.body), send);
 */
export async function pipe<T>(source: ReceiveStream<T>, target: SendStream<T>): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  try {
    await moveAll(source, target);
  } catch (error) {
    failure = { error };
  }
  const closed = await shield(() => Promise.allSettled([source.close(), target.close()]));
  if (failure !== undefined) throw failure.error;
  for (const outcome of closed) if (outcome.status === "rejected") throw outcome.reason;
}

async function moveAll<T>(source: ReceiveStream<T>, target: SendStream<T>): Promise<void> {
  for (;;) {
    let item: T;
    try {
      item = await source.receive();
    } catch (error) {
      if (error instanceof EndOfStream) return;
      throw error;
    }
    await target.send(item);
  }
}
