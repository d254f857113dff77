import { Effect, Fiber } from "effect";
import { type Operation, run as runEffection, spawn, type Task } from "effection";
import { taskGroup } from "anywhen";
import { baseline, peer, type Row, subject } from "../row.ts";

const size = 10;
const fast = async (): Promise<number> => 1;
// oxlint-disable-next-line require-yield -- it returns at once
function* fastOperation(): Operation<number> {
  return 1;
}

async function inTaskGroups(count: number): Promise<void> {
  for (let started = 0; started < count; started += size) {
    await taskGroup((tg) => {
      for (let index = 0; index < size; index++) tg.startSoon(fast);
    });
  }
}

async function inPromiseAll(count: number): Promise<void> {
  for (let started = 0; started < count; started += size) {
    const calls: Promise<number>[] = [];
    for (let index = 0; index < size; index++) calls.push(fast());
    await Promise.all(calls);
  }
}

function inFibers(count: number): Promise<void> {
  const leaf = Effect.sync(() => 1);
  const program = Effect.gen(function* () {
    for (let started = 0; started < count; started += size) {
      const fibers: Fiber.Fiber<number>[] = [];
      for (let index = 0; index < size; index++) fibers.push(yield* Effect.forkChild(leaf));
      for (const fiber of fibers) yield* Fiber.join(fiber);
    }
  });
  return Effect.runPromise(program);
}

async function inOperations(count: number): Promise<void> {
  await runEffection(function* () {
    for (let started = 0; started < count; started += size) {
      const tasks: Task<number>[] = [];
      for (let index = 0; index < size; index++) {
        tasks.push(yield* spawn(fastOperation));
      }
      for (const task of tasks) yield* task;
    }
  });
}

export const row: Row = {
  name: "spawn-join-10",
  operation: "one task that returns at once, started and joined in a group of ten",
  unit: "ns",
  operations: 100_000,
  contenders: [
    subject("taskGroup", inTaskGroups),
    ...baseline("Promise.all", inPromiseAll, 5),
    peer("effect forkChild", inFibers, 0.3),
    peer("effection spawn", inOperations, 0.02),
  ],
  targets: [{ than: "Promise.all", atMost: 8 }],
};
