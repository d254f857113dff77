import { createHook } from "node:async_hooks";
import { PerformanceObserver } from "node:perf_hooks";
import { run } from "anywhen";
import { Reading, type Row } from "./row.ts";

/** What one operation of a row's subject costs, in numbers that do not depend on how busy the machine is. */
export interface Counts {
  /** Bytes of heap allocated; in a row that is about bytes, what it reads. */
  readonly bytes: number;
  /** Promises made, those that `await` makes included. */
  readonly promises: number;
}

/** A thousand is the least that every row can do. */
const operations = 4_000;
const samples = 16;
/**
 * In turn, by how many milliseconds each look at the clock moves it. The least of all counts is
 * taken: the first ones pay for compilation, and a turn of the event loop may put a sender and a
 * receiver out of step, which costs a third more until another turn puts them into it again.
 */
const paces = [1, 0.1, 0.01, 3, 0.3, 0.03];

/**
 * The young generation holds all that a sample allocates, and whatever V8 does beside runs on the
 * same thread: so counts of the same code are the same to the percent.
 */
export const countFlags: readonly string[] = [
  "--single-threaded",
  "--min-semi-space-size=256",
  "--max-semi-space-size=256",
];

/**
 * Counts what the row's subject allocates, in a process that was started with `countFlags` and `gc`.
 * @param setPace sets by how many milliseconds each look at the clock moves it
 * @throws Error if garbage was collected meanwhile, for then bytes are missing
 */
export async function countRow(row: Row, setPace: (pace: number) => void): Promise<Counts> {
  const [subject] = row.contenders;
  if (subject === undefined) throw new RangeError(`row ${row.name} has no contender`);
  const bytes: number[] = [];
  let collections = 0;
  const observer = new PerformanceObserver((list) => (collections += list.getEntries().length));
  observer.observe({ entryTypes: ["gc"] });
  for (let sample = 0; sample < samples; sample++) {
    setPace(paceOf(sample));
    globalThis.gc?.();
    await turns();
    collections = 0;
    const { allocated, own } = await run(async () => {
      const before = process.memoryUsage().heapUsed;
      const result = await subject.run(operations);
      return { allocated: process.memoryUsage().heapUsed - before, own: result };
    });
    await turns();
    if (row.unit === "bytes" && own instanceof Reading) bytes.push(own.perOperation);
    else if (collections === 0) bytes.push(allocated / operations);
    else throw new Error(`row ${row.name}: garbage was collected, count fewer operations`);
  }
  observer.disconnect();
  const promises: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    setPace(paceOf(sample));
    promises.push(await run(() => promisesDuring(() => subject.run(operations))));
  }
  return { bytes: Math.min(...bytes), promises: Math.min(...promises) };
}

function paceOf(sample: number): number {
  return paces[sample % paces.length] ?? 1;
}

/** A hook on every promise changes what is allocated, so they are counted apart. */
async function promisesDuring(work: () => Promise<unknown>): Promise<number> {
  let made = 0;
  const hook = createHook({
    init(_id, type) {
      if (type === "PROMISE") made++;
    },
  }).enable();
  await work();
  hook.disable();
  return made / operations;
}

/** The observer is told of a collection in a later turn. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
