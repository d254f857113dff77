import { Effect, Fiber } from "effect";
import { type Operation, run as runEffection, spawn, type Task } from "effection";
import { taskGroup } from "anywhen";
import { baseline, peer, type Row, subject } from "../row.ts";

const fast = async (): Promise<number> => 1;
// oxlint-disable-next-line require-yield -- it returns at once
function* fastOperation(): Operation<number> {
  return 1;
}

async function inTaskGroup(count: number): Promise<void> {
  await taskGroup((tg) => {
    for (let index = 0; index < count; index++) tg.startSoon(fast);
  });
}

async function inPromiseAll(count: number): Promise<void> {
  const calls: Promise<number>[] = [];
  for (let index = 0; index < count; index++) calls.push(fast());
  await Promise.all(calls);
}

function inFibers(count: number): Promise<void> {
  const leaf = Effect.sync(() => 1);
  const program = Effect.gen(function* () {
    const fibers: Fiber.Fiber<number>[] = [];
    for (let index = 0; index < count; index++) fibers.push(yield* Effect.forkChild(leaf));
    for (const fiber of fibers) yield* Fiber.join(fiber);
  });
  return Effect.runPromise(program);
}

async function inOperations(count: number): Promise<void> {
  await runEffection(function* () {
    const tasks: Task<number>[] = [];
    for (let index = 0; index < count; index++) {
      tasks.push(yield* spawn(fastOperation));
    }
    for (const task of tasks) yield* task;
  });
}

export const row: Row = {
  name: "spawn-join-100k",
  operation: "one task that returns at once, started and joined in a group of 100,000",
  unit: "ns",
  operations: 100_000,
  contenders: [
    subject("taskGroup", inTaskGroup),
    ...baseline("Promise.all", inPromiseAll),
    peer("effect forkChild", inFibers),
    peer("effection spawn", inOperations, 0.02),
  ],
  targets: [{ than: "Promise.all", atMost: 5 }],
};
