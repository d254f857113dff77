import { Effect } from "effect";
import { checkpoint, sleep } from "anywhen";
import { baseline, peer, raw, type Row, subject } from "../row.ts";

async function checkpoints(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await checkpoint();
}

async function sleeps(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await sleep(0);
}

async function microtasks(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await new Promise<void>((resolve) => queueMicrotask(resolve));
  }
}

async function immediates(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

function yields(count: number): Promise<void> {
  const program = Effect.gen(function* () {
    for (let index = 0; index < count; index++) yield* Effect.yieldNow;
  });
  return Effect.runPromise(program);
}

export const row: Row = {
  name: "checkpoint",
  operation:
    "giving way once, so that others run; queueMicrotask starves timers and I/O, the rest do not",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("checkpoint()", checkpoints),
    subject("sleep(0)", sleeps),
    ...baseline("queueMicrotask", microtasks),
    raw("setImmediate", immediates, 0.5),
    peer("effect yieldNow", yields, 0.5),
  ],
};
