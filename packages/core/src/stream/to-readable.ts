import { ambient } from "../context.ts";
import { EndOfStream } from "../errors.ts";
import type { ReceiveStream } from "./stream-types.ts";

/**
 * The web's kind of stream over one of ours, for `Response`, `pipeTo` and the like. It takes the
 * source over: whoever reads it receives one item at a time, when it asks for one; cancelling it
 * closes the source, at once also where it waits for an item; the source's end closes it and the
 * source's error fails it, the same error.
 *
 * It receives in the scope in which `toReadable()` was called, whoever reads: when that scope is
 * cancelled or ends, reading fails with the `Cancelled` or `ScopeClosedError`, and the source is closed.
 */
export function toReadable<T>(source: ReceiveStream<T>): ReadableStream<T> {
  const scope = ambient.getStore();
  let left = false;
  return new ReadableStream<T>(
    {
      async pull(controller) {
        try {
          const item = await (scope === undefined
            ? source.receive()
            : ambient.run(scope, () => source.receive()));
          if (!left) controller.enqueue(item);
        } catch (error) {
          // A cancelled stream is closed already: what its last receive came to is nobody's concern.
          if (left) return;
          if (error instanceof EndOfStream) controller.close();
          else controller.error(error);
          await source.close();
        }
      },
      cancel() {
        left = true;
        return source.close();
      },
    },
    // Nothing is received before somebody reads.
    { highWaterMark: 0 },
  );
}
