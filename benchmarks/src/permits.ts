import { Semaphore as MutexSemaphore } from "async-mutex";
import { Sema } from "async-sema";
import { Effect, Semaphore as EffectSemaphore } from "effect";
import pLimit from "p-limit";
import PQueue from "p-queue";
import { body, holding, inLoops, tasks } from "./contending.ts";
import { HandWrittenSemaphore } from "./hand-written/semaphore.ts";
import { baseline, type Contender, peer } from "./row.ts";

/** How many may hold on at once in the rows about semaphores and limiters. */
export const permits = 10;

const guarded = { calls: 0 };

/** What is done by whoever need not wait: nothing to await, so that only the permit is measured. */
export function plainBody(): void {
  guarded.calls++;
}

/** Everyone who hands out ten permits, wanted by a hundred loops at once. */
export function contendedPermits(): Contender[] {
  return [
    ...baseline("hand-written", (count) =>
      inLoops(count, holding(new HandWrittenSemaphore(permits), body)),
    ),
    peer(
      "async-mutex Semaphore",
      (count) => {
        const semaphore = new MutexSemaphore(permits);
        return inLoops(count, () => semaphore.runExclusive(body));
      },
      0.2,
    ),
    peer("async-sema", (count) => inLoops(count, holding(new Sema(permits), body))),
    peer(
      "p-limit",
      (count) => {
        const limit = pLimit(permits);
        return inLoops(count, () => limit(body));
      },
      0.2,
    ),
    peer(
      "p-queue",
      (count) => {
        const queue = new PQueue({ concurrency: permits });
        return inLoops(count, () => queue.add(body));
      },
      0.1,
    ),
    peer("effect Semaphore", effectLoops, 0.2),
  ];
}

function effectLoops(count: number): Promise<void> {
  const use = EffectSemaphore.makeUnsafe(permits).withPermits(1)(Effect.yieldNow);
  const loop = Effect.gen(function* () {
    for (let index = 0; index < count / tasks; index++) yield* use;
  });
  const loops = Array.from({ length: tasks }, () => loop);
  return Effect.runPromise(Effect.all(loops, { concurrency: "unbounded", discard: true }));
}

/** Everyone who hands out permits, one caller at a time: there is always one left. */
export function uncontendedPermits(): Contender[] {
  return [
    ...baseline(
      "hand-written",
      acquireAndRelease(() => new HandWrittenSemaphore(permits)),
      2,
    ),
    peer(
      "async-mutex Semaphore",
      async (count) => {
        const semaphore = new MutexSemaphore(permits);
        for (let index = 0; index < count; index++) await semaphore.runExclusive(plainBody);
      },
      0.2,
    ),
    peer(
      "async-sema",
      acquireAndRelease(() => new Sema(permits)),
    ),
    peer(
      "p-limit",
      async (count) => {
        const limit = pLimit(permits);
        for (let index = 0; index < count; index++) await limit(plainBody);
      },
      0.2,
    ),
    peer("effect Semaphore", effectLoop, 0.5),
  ];
}

/** Inline, for the fastest: a callback around each would be half of what is measured. */
function acquireAndRelease(
  make: () => { acquire(): Promise<unknown>; release(): void },
): Contender["run"] {
  return async (count) => {
    const semaphore = make();
    for (let index = 0; index < count; index++) {
      await semaphore.acquire();
      try {
        plainBody();
      } finally {
        semaphore.release();
      }
    }
  };
}

function effectLoop(count: number): Promise<void> {
  const use = EffectSemaphore.makeUnsafe(permits).withPermits(1)(Effect.sync(plainBody));
  const program = Effect.gen(function* () {
    for (let index = 0; index < count; index++) yield* use;
  });
  return Effect.runPromise(program);
}
