import { Effect } from "effect";
import pTimeout from "p-timeout";
import { failAfter } from "anywhen";
import { raced } from "../hand-written/race.ts";
import { baseline, peer, type Row, subject } from "../row.ts";

const ms = 5_000;
/** So many wait at once that the turn itself costs each of them little. */
const together = 100;

/** Time limits around calls that wait for a later turn of the event loop. */
async function turns(
  count: number,
  limited: (call: () => Promise<void>) => Promise<unknown>,
): Promise<void> {
  for (let begun = 0; begun < count; begun += together) {
    const turn = new Promise<void>((resolve) => setImmediate(resolve));
    const calls: Promise<unknown>[] = [];
    for (let index = 0; index < together; index++) calls.push(limited(() => turn));
    await Promise.all(calls);
  }
}

async function withEffect(count: number): Promise<void> {
  for (let begun = 0; begun < count; begun += together) {
    const turn = new Promise<void>((resolve) => setImmediate(resolve));
    const limited = Effect.timeout(
      Effect.promise(() => turn),
      ms,
    );
    const calls = Array.from({ length: together }, () => limited);
    await Effect.runPromise(Effect.all(calls, { concurrency: "unbounded", discard: true }));
  }
}

export const row: Row = {
  name: "fail-after-waiting",
  operation: "a time limit of five seconds around a call that waits for the next turn, 100 at once",
  unit: "ns",
  operations: 20_000,
  contenders: [
    subject("failAfter", (count) => turns(count, (call) => failAfter(ms, call))),
    ...baseline("Promise.race with setTimeout", (count) => turns(count, (call) => raced(ms, call))),
    peer(
      "p-timeout",
      (count) => turns(count, (call) => pTimeout(call(), { milliseconds: ms })),
      0.2,
    ),
    peer("effect timeout", withEffect, 0.3),
  ],
};
