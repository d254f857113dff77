/** Slots of the first allocation; a power of two, so that places wrap with a mask. */
const smallest = 8;
/** A ring that has grown past this gives its slots back once it is empty. */
const largestKept = 1024;

/**
 * A queue of items, first in, first out, in O(1): `Array.shift` moves every item that is left.
 * It grows with what is in it, not with what may be: a capacity of a million costs nothing by itself.
 */
export class Ring<T> {
  size = 0;
  private slots: (T | undefined)[] = [];
  private head = 0;

  push(item: T): void {
    if (this.size === this.slots.length) this.grow();
    this.slots[(this.head + this.size++) & (this.slots.length - 1)] = item;
  }

  /** Takes the oldest item. There must be one. */
  shift(): T {
    const { slots, head } = this;
    const item = slots[head] as T;
    slots[head] = undefined;
    this.head = (head + 1) & (slots.length - 1);
    if (--this.size === 0 && slots.length > largestKept) this.clear();
    return item;
  }

  clear(): void {
    this.slots = [];
    this.head = this.size = 0;
  }

  private grow(): void {
    const { slots, head, size } = this;
    const larger: (T | undefined)[] = [];
    larger.length = Math.max(smallest, 2 * slots.length);
    for (let place = 0; place < size; place++)
      larger[place] = slots[(head + place) & (slots.length - 1)];
    this.slots = larger;
    this.head = 0;
  }
}
