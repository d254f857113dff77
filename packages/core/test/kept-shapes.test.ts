import { setFlagsFromString } from "node:v8";
import {
  CapacityLimiter,
  Event,
  failAfter,
  happened,
  Lock,
  mapConcurrent,
  memoryStream,
  receiving,
  run,
  select,
  Semaphore,
  taskGroup,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { expect, test } from "vitest";

type Any = (...args: never[]) => unknown;

/** What V8 says with its own syntax switched on. */
interface Engine {
  prepare(fn: Any): void;
  optimize(fn: Any): void;
  /** Whether what runs is compiled code, and code that still holds. */
  isOptimized(fn: Any): boolean;
}

function v8(): Engine {
  setFlagsFromString("--allow-natives-syntax");
  const native = (text: string): ((fn: Any) => number) =>
    // oxlint-disable-next-line typescript/no-implied-eval -- the only way to write V8's own syntax
    new Function("fn", `return ${text}`) as (fn: Any) => number;
  const status = native("%GetOptimizationStatus(fn)");
  const [optimized, doomed] = [1 << 4, 1 << 14];
  return {
    prepare: native("%PrepareFunctionForOptimization(fn)"),
    optimize: native("%OptimizeFunctionOnNextCall(fn)"),
    isOptimized: (fn) => (status(fn) & optimized) !== 0 && (status(fn) & doomed) === 0,
  };
}

/** Outlives every collection, as what has been compiled into its caller must. */
async function fast(): Promise<void> {}

/** Uses each class whose objects come and go; afterwards none of them is left. */
async function work(): Promise<void> {
  const event = new Event();
  for (const lender of [new Lock(), new Semaphore(1), new CapacityLimiter(1)]) {
    await Promise.all([lender.use(fast), lender.use(fast)]);
  }
  for (const capacity of [0, 1]) {
    const [send, receive] = memoryStream<number>(capacity);
    await taskGroup((tg) => {
      tg.startSoon(async () => {
        for (let item = 0; item < 4; item++) await send.send(item);
        await select({ event: happened(event) });
        await send.close();
      });
      tg.startSoon(async () => {
        await select({ item: receiving(receive), event: happened(event) });
        event.set();
        for await (const item of receive) void item;
        await receive.close();
      });
    });
  }
  await failAfter(5_000, fast);
  await mapConcurrent([1, 2, 3], fast, { concurrency: 2 });
}

/** The methods of what has no name outside the library, and of what it inherits from. */
function methodsOf(...objects: object[]): Any[] {
  const found = new Set<Any>();
  for (let prototype of objects.map((one): object => Object.getPrototypeOf(one) as object)) {
    for (; prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype) as object) {
      for (const { value } of Object.values(Object.getOwnPropertyDescriptors(prototype))) {
        if (typeof value === "function" && value !== prototype.constructor) found.add(value as Any);
      }
    }
  }
  return [...found];
}

async function hotFunctions(): Promise<Any[]> {
  const [send, receive] = memoryStream(1);
  using _ends = send;
  using _ = receive;
  const lock = new Lock();
  using lease = lock.acquireNowait();
  const found: Any[] = [taskGroup, failAfter, select, receiving, mapConcurrent];
  await taskGroup((tg) => {
    const task = tg.startSoon(() => {});
    found.push(...methodsOf(tg, task, tg.scope, lock, lease, new Semaphore(1), send, receive));
  });
  return found;
}

test("what V8 has compiled outlives a garbage collection that finds no task, wait or lease", async () => {
  const { prepare, optimize, isOptimized } = v8();
  const backend = promiseBackend();
  const functions = await run(hotFunctions, { backend });
  for (const fn of functions) prepare(fn);
  for (let round = 0; round < 3; round++) await run(work, { backend });
  for (const fn of functions) optimize(fn);
  await run(work, { backend });
  const compiled = functions.filter(isOptimized);
  expect(compiled.length).toBeGreaterThan(10);
  globalThis.gc?.();
  const lost = compiled.filter((fn) => !isOptimized(fn));
  expect(lost.map((fn) => fn.name)).toEqual([]);
});
