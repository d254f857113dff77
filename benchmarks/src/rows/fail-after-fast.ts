import { Effect } from "effect";
import pTimeout from "p-timeout";
import { failAfter } from "anywhen";
import { raced } from "../hand-written/race.ts";
import { baseline, peer, raw, type Row, subject } from "../row.ts";

const ms = 5_000;
const beside = "the same while another such timer is pending";
const fast = async (): Promise<number> => 1;

async function withFailAfter(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await failAfter(ms, fast);
}

async function withRace(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await raced(ms, fast);
}

/** In Node a timer is cheaper as long as another one of as many milliseconds is pending. */
async function besideAnother(count: number): Promise<void> {
  const other = setTimeout(() => {}, ms);
  await withRace(count);
  clearTimeout(other);
}

async function withPTimeout(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await pTimeout(fast(), { milliseconds: ms });
}

function withEffect(count: number): Promise<void> {
  const limited = Effect.timeout(
    Effect.sync(() => 1),
    ms,
  );
  const program = Effect.gen(function* () {
    for (let index = 0; index < count; index++) yield* limited;
  });
  return Effect.runPromise(Effect.orDie(program));
}

export const row: Row = {
  name: "fail-after-fast",
  operation: "a time limit of five seconds around an async function that returns at once",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("failAfter", withFailAfter),
    ...baseline("Promise.race with setTimeout", withRace),
    raw(beside, besideAnother),
    peer("p-timeout", withPTimeout, 0.2),
    peer("effect timeout", withEffect, 0.3),
  ],
  targets: [
    { than: "Promise.race with setTimeout", atMost: 0.85 },
    { than: "Promise.race with setTimeout", atMost: 1 },
    { than: beside, atMost: 1 },
  ],
};
