import { memoryStream } from "anywhen";
import { HookedReceiveStream } from "./hooked-receive-stream.ts";
import { HookedSendStream } from "./hooked-send-stream.ts";
import { StapledObjectStream } from "./stapled-object-stream.ts";

/** Both directions of a connection in memory, each with its hooks. */
export type HookedObjectStream<T> = StapledObjectStream<
  T,
  HookedSendStream<T>,
  HookedReceiveStream<T>
>;

/**
 * A memory stream of the given capacity, by default without end, whose ends have hooks and are strict:
 * see `HookedSendStream`.
 *
 * @throws RangeError for a capacity that is no non-negative integer or Infinity
 *
 * @example
 * const [send, receive] = hookedStream<string>();
 * receive.receiveHook = () => send.send("just in time");
 */
export function hookedStream<T>(
  capacity: number = Infinity,
): [HookedSendStream<T>, HookedReceiveStream<T>] {
  const [send, receive] = memoryStream<T>(capacity);
  return [new HookedSendStream(send), new HookedReceiveStream(receive)];
}

/**
 * Both ends of a connection in memory: what one sends, the other receives. Nothing waits for room, as
 * in a network with large buffers: code that never waits for its peer passes.
 *
 * @example
 * const [client, server] = memoryStreamPair<Message>();
 * server.sendStream.sendHook = () => sleep(100); // a slow network
 */
export function memoryStreamPair<T>(): [HookedObjectStream<T>, HookedObjectStream<T>] {
  return pairOf(Infinity);
}

/**
 * Both ends of a connection that stores nothing: `send()` returns when the other side has taken the
 * item. Two sides that both send before they receive are in a deadlock here, as they would be in a
 * network one day; with `memoryStreamPair()` they pass.
 */
export function lockstepStreamPair<T>(): [HookedObjectStream<T>, HookedObjectStream<T>] {
  return pairOf(0);
}

function pairOf<T>(capacity: number): [HookedObjectStream<T>, HookedObjectStream<T>] {
  const [sendToRight, receiveOnRight] = hookedStream<T>(capacity);
  const [sendToLeft, receiveOnLeft] = hookedStream<T>(capacity);
  return [
    new StapledObjectStream(sendToRight, receiveOnLeft),
    new StapledObjectStream(sendToLeft, receiveOnRight),
  ];
}
