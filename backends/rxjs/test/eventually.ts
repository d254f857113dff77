/** Resolves when the condition holds; looks after each turn of the event loop, for at most 2 seconds. */
export async function eventually(condition: () => boolean): Promise<void> {
  const end = performance.now() + 2_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error("it did not come true within 2 seconds");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
