import { shown } from "./shown.ts";

/**
 * What becomes of an item that finds no room. A source that pushes cannot be made to wait, so there
 * is no such choice.
 *
 * - "error": the stream gives what it has, then fails with `BrokenResourceError`;
 * - "drop-oldest": the item that has waited longest is lost;
 * - "drop-newest": the new item is lost;
 * - "latest": only the newest is kept, "drop-oldest" with a capacity of 1;
 * - "buffer": there is always room.
 */
export type ObservableOverflow = "error" | "drop-oldest" | "drop-newest" | "latest" | "buffer";

export interface FromObservableOptions {
  /** How many items may wait, 0 and Infinity included. Default 16; not for "latest" and "buffer". */
  capacity?: number;
  /** What becomes of an item that finds `capacity` items waiting and no `receive()`. Default "error". */
  overflow?: ObservableOverflow;
}

/** What the options come to. */
export interface Room {
  readonly capacity: number;
  readonly overflow: "error" | "drop-oldest" | "drop-newest";
}

const names: readonly unknown[] = ["error", "drop-oldest", "drop-newest", "latest", "buffer"];
const defaultCapacity = 16;

/** @throws RangeError for a capacity or an overflow that does not exist; TypeError for two that exclude each other */
export function roomFor({ capacity, overflow = "error" }: FromObservableOptions): Room {
  if (!names.includes(overflow)) {
    const known = names.map((name) => JSON.stringify(name)).join(", ");
    throw new RangeError(`fromObservable(): overflow is one of ${known}, got ${shown(overflow)}`);
  }
  if (overflow === "latest" || overflow === "buffer") {
    if (capacity === undefined) {
      return overflow === "latest"
        ? { capacity: 1, overflow: "drop-oldest" }
        : { capacity: Infinity, overflow: "error" };
    }
    throw new TypeError(
      `fromObservable(): overflow "${overflow}" has a capacity of its own: leave out capacity, or choose another overflow`,
    );
  }
  const room = { capacity: capacity ?? defaultCapacity, overflow };
  if (room.capacity === Infinity || (Number.isInteger(room.capacity) && room.capacity >= 0))
    return room;
  throw new RangeError(
    `fromObservable(): capacity is a non-negative integer or Infinity, got ${shown(capacity)}`,
  );
}
