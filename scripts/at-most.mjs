/** Calls `work` with each item, at most `limit` at a time; resolves with the results in the items' order. */
export async function atMost(limit, items, work) {
  const results = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
