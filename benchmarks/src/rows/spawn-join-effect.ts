import { Effect, Fiber } from "effect";
import { run, taskGroup } from "anywhen";
import { baseline, type Row, subject } from "../row.ts";

const size = 10;
const fast = async (): Promise<number> => 1;

function onEffect(count: number): Promise<void> {
  return run(
    async () => {
      for (let started = 0; started < count; started += size) {
        await taskGroup((tg) => {
          for (let index = 0; index < size; index++) tg.startSoon(fast);
        });
      }
    },
    { backend: "effect" },
  );
}

function inFibers(count: number): Promise<void> {
  const leaf = Effect.promise(fast);
  const program = Effect.gen(function* () {
    for (let started = 0; started < count; started += size) {
      const fibers: Fiber.Fiber<number>[] = [];
      for (let index = 0; index < size; index++) fibers.push(yield* Effect.forkChild(leaf));
      for (const fiber of fibers) yield* Fiber.join(fiber);
    }
  });
  return Effect.runPromise(program);
}

export const row: Row = {
  name: "spawn-join-effect",
  operation: "one task on the Effect backend, started and joined in a group of ten",
  unit: "ns",
  operations: 20_000,
  contenders: [
    subject("taskGroup on Effect", onEffect),
    ...baseline("forkChild of promise effects", inFibers),
  ],
  targets: [{ than: "forkChild of promise effects", atMost: 2.5 }],
};
