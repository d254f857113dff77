import { EndOfStream, type ReceiveStream } from "anywhen";

/** A loop over a stream: it ends at `EndOfStream`; leaving it early closes nothing. [M8] */
export function iteratorOf<T>(stream: Pick<ReceiveStream<T>, "receive">): AsyncIterator<T> {
  return {
    async next(): Promise<IteratorResult<T>> {
      try {
        return { done: false, value: await stream.receive() };
      } catch (error) {
        if (error instanceof EndOfStream) return { done: true, value: undefined };
        throw error;
      }
    },
  };
}
