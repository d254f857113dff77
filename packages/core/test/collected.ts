/** True once nothing but `reference` holds its object; gives up after some collections. */
export async function isCollected(reference: WeakRef<object>): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
    if (reference.deref() === undefined) return true;
  }
  return false;
}

/** How many of `references` are still held, after some collections. */
export async function held(references: readonly WeakRef<object>[]): Promise<number> {
  for (let attempt = 0; attempt < 5; attempt++) {
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc?.();
  }
  return references.filter((reference) => reference.deref() !== undefined).length;
}
