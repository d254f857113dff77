import { checkpoint, EndOfStream, type ReceiveStream, type SendStream } from "anywhen";
import { shown } from "../shown.ts";

/**
 * Moves `count` items from `source` to `target`, waiting for each, and resolves with how many it moved:
 * fewer if the source ended, which then ends the target, too. Unlike `pipe()` it takes neither stream
 * over, so a test moves what passes between two programs item by item: one every virtual second, or
 * none until it says so. Cancelled between taking an item and passing it on, it loses that item. A
 * checkpoint, again and again.
 *
 * @throws what either stream throws, other than the source's `EndOfStream`; RangeError for a count that
 * is no non-negative integer or Infinity
 *
 * @example
 * while ((await pump(fromClient, toServer, 1)) > 0) await sleep(1_000); // one item a second
 */
export async function pump<T>(
  source: ReceiveStream<T>,
  target: SendStream<T>,
  count: number = Infinity,
): Promise<number> {
  if (count !== Infinity && !(Number.isInteger(count) && count >= 0)) {
    throw new RangeError(
      `pump(): count is a non-negative integer or Infinity, got ${shown(count)}`,
    );
  }
  if (count === 0) await checkpoint();
  for (let moved = 0; moved < count; moved++) {
    let item: T;
    try {
      item = await source.receive();
    } catch (error) {
      if (!(error instanceof EndOfStream)) throw error;
      await target.close();
      return moved;
    }
    await target.send(item);
  }
  return count;
}
