import { Effect } from "effect";
import pLimit from "p-limit";
import pMap from "p-map";
import PQueue from "p-queue";
import { from, lastValueFrom, mergeMap } from "rxjs";
import { collect, transform } from "streaming-iterables";
import { mapConcurrent } from "anywhen";
import { baseline, peer, type Row, subject } from "../row.ts";

const concurrency = 64;
const next = async (item: number): Promise<number> => item + 1;

function items(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

async function loops(count: number): Promise<number[]> {
  const input = items(count);
  const results: number[] = [];
  let index = 0;
  const loop = async (): Promise<void> => {
    while (index < input.length) {
      const own = index++;
      results[own] = await next(input[own] as number);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return results;
}

function limited(count: number): Promise<number[]> {
  const limit = pLimit(concurrency);
  return Promise.all(items(count).map((item) => limit(() => next(item))));
}

function merged(count: number): Promise<number> {
  return lastValueFrom(from(items(count)).pipe(mergeMap(next, concurrency)), { defaultValue: 0 });
}

function queued(count: number): Promise<number[]> {
  const queue = new PQueue({ concurrency });
  return queue.addAll(items(count).map((item) => () => next(item)));
}

function transformed(count: number): Promise<number[]> {
  return collect(transform(concurrency, next, items(count)));
}

function effects(count: number): Promise<number[]> {
  return Effect.runPromise(
    Effect.forEach(items(count), (item) => Effect.sync(() => item + 1), { concurrency }),
  );
}

export const row: Row = {
  name: "map-concurrent-64",
  operation: "one of 100,000 items through an async function that returns at once, 64 at a time",
  unit: "ns",
  operations: 100_000,
  contenders: [
    subject("mapConcurrent", (count) => mapConcurrent(items(count), next, { concurrency })),
    ...baseline("64 loops over one index", loops),
    peer("p-map", (count) => pMap(items(count), next, { concurrency }), 0.3),
    peer("p-limit", limited, 0.2),
    peer("p-queue", queued, 0.1),
    peer("streaming-iterables transform", transformed, 0.3),
    peer("rxjs mergeMap", merged, 0.2),
    peer("effect forEach", effects, 0.3),
  ],
  targets: [{ than: "64 loops over one index", atMost: 2 }],
};
