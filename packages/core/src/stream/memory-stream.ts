import { keepShapes } from "../kept-shapes.ts";
import { shown } from "../shown.ts";
import { Channel } from "./channel.ts";
import { MemoryReceiveStream } from "./memory-receive-stream.ts";
import { MemorySendStream } from "./memory-send-stream.ts";

/**
 * A closable, clonable, bounded channel between tasks: what is sent into the first end comes out of
 * the second, in order. Capacity 0, the default, is a rendezvous: `send()` waits until the item has
 * been taken. Capacity n lets n items wait in a buffer; Infinity never blocks a sender, and so never
 * slows it down. Send values, not promises: `await receive()` would unwrap them. [M1-M10]
 *
 * Close each end when it is done with, `using` does it: a stream dropped unclosed is reported as the
 * process warning `ANYWHEN_UNCLOSED_STREAM`, which says where the stream was created if the
 * environment variable ANYWHEN_TRACE is 1. [M10]
 *
 * @throws RangeError for a capacity that is no non-negative integer or Infinity
 *
 * @example
 * const [send, receive] = memoryStream<string>(10);
 * await taskGroup((tg) => {
 *   tg.startSoon(async () => {
 *     using _ = send;
 *     for (const line of lines) await send.send(line);
 *   });
 *   tg.startSoon(async () => {
 *     for await (const line of receive) await store(line);
 *   });
 * });
 */
export function memoryStream<T>(capacity = 0): [MemorySendStream<T>, MemoryReceiveStream<T>] {
  checkCapacity(capacity, "memoryStream()");
  keepShapes(streamShapes);
  const channel = new Channel<T>(capacity, "a memory stream", undefined);
  return [MemorySendStream.create(channel), MemoryReceiveStream.create(channel)];
}

function streamShapes(): unknown {
  const [send, receive] = memoryStream(1);
  send.sendNowait(undefined);
  return [send, receive[Symbol.asyncIterator]()];
}

/** @throws RangeError */
export function checkCapacity(capacity: unknown, caller: string): void {
  if (capacity === Infinity || (Number.isInteger(capacity) && (capacity as number) >= 0)) return;
  throw new RangeError(
    `${caller}: capacity is a non-negative integer or Infinity, got ${shown(capacity)}: ` +
      "0 hands items over directly, n keeps up to n of them",
  );
}
