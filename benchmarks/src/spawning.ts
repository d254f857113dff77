import { Effect, Fiber } from "effect";
import { type Operation, run as runEffection, spawn, type Task } from "effection";
import { taskGroup } from "anywhen";
import { inOwnContext } from "./hand-written/own-context.ts";
import { baseline, type Contender, peer, raw, subject } from "./row.ts";

type Work = Contender["run"];

const fast = async (): Promise<number> => 1;
// oxlint-disable-next-line require-yield -- it returns at once
function* fastOperation(): Operation<number> {
  return 1;
}

/** Starts `count` tasks that return at once in groups of `size`, and joins each group. */
export function inTaskGroups(size: number): Work {
  return async (count) => {
    for (let started = 0; started < count; started += size) {
      const here = Math.min(size, count - started);
      await taskGroup((tg) => {
        for (let index = 0; index < here; index++) tg.startSoon(fast);
      });
    }
  };
}

function inPromiseAll(size: number): Work {
  return async (count) => {
    for (let started = 0; started < count; started += size) {
      const here = Math.min(size, count - started);
      const calls: Promise<number>[] = [];
      for (let index = 0; index < here; index++) calls.push(fast());
      await Promise.all(calls);
    }
  };
}

const soon = Promise.resolve();
const beginInContext = (): Promise<number> => inOwnContext(fast);

/** What tasks that begin later and know what they belong to cost at least. */
function inContexts(size: number): Work {
  return async (count) => {
    for (let started = 0; started < count; started += size) {
      const here = Math.min(size, count - started);
      const calls: Promise<number>[] = [];
      for (let index = 0; index < here; index++) calls.push(soon.then(beginInContext));
      await Promise.all(calls);
    }
  };
}

function inFibers(size: number): Work {
  const leaf = Effect.sync(() => 1);
  return (count) => {
    const program = Effect.gen(function* () {
      for (let started = 0; started < count; started += size) {
        const here = Math.min(size, count - started);
        const fibers: Fiber.Fiber<number>[] = [];
        for (let index = 0; index < here; index++) fibers.push(yield* Effect.forkChild(leaf));
        for (const fiber of fibers) yield* Fiber.join(fiber);
      }
    });
    return Effect.runPromise(program);
  };
}

function inOperations(size: number): Work {
  return (count) =>
    runEffection(function* () {
      for (let started = 0; started < count; started += size) {
        const here = Math.min(size, count - started);
        const tasks: Task<number>[] = [];
        for (let index = 0; index < here; index++) tasks.push(yield* spawn(fastOperation));
        for (const task of tasks) yield* task;
      }
    });
}

/** Everyone who starts and joins tasks, in groups of one size. */
export function spawning(size: number, share: { raw?: number; fibers?: number }): Contender[] {
  return [
    subject("taskGroup", inTaskGroups(size)),
    ...baseline("Promise.all", inPromiseAll(size), share.raw ?? 5),
    raw("Promise.all, each begun later in a context of its own", inContexts(size)),
    peer("effect forkChild", inFibers(size), share.fibers ?? 0.3),
    peer("effection spawn", inOperations(size), 0.02),
  ];
}
