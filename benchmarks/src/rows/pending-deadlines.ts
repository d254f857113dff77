import { cancelScope, failAfter } from "anywhen";
import { raced } from "../hand-written/race.ts";
import { type Contender, raw, type Row, subject } from "../row.ts";

const few = 10;
const many = 10_000;

type Limited = (ms: number, call: () => Promise<void>) => Promise<void>;

/** Deadlines that are all pending at once, in no order, around calls that then end together. */
async function pending(total: number, at: number, limited: Limited): Promise<void> {
  for (let begun = 0; begun < total; begun += at) {
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const calls: Promise<void>[] = [];
    const here = Math.min(at, total);
    for (let index = 0; index < here; index++) {
      calls.push(limited(10_000 + ((index * 7_919) % 1_009), () => gate));
    }
    open();
    await Promise.all(calls);
  }
}

const fewDeadlines: Contender = {
  name: "failAfter, 10 pending",
  kind: "baseline",
  place: "inside run()",
  share: 1,
  run: (count) => pending(count, few, failAfter),
};

/** What pending calls cost that have no deadline: the scopes and promises of many leave the cache as well. */
async function unlimited(_ms: number, call: () => Promise<void>): Promise<void> {
  await cancelScope(call);
}

export const row: Row = {
  name: "pending-deadlines",
  operation: "one time limit of 10,000 that are pending at once, set and lifted",
  unit: "ns",
  operations: 2 * many,
  contenders: [
    subject("failAfter, 10,000 pending", (count) => pending(count, many, failAfter)),
    fewDeadlines,
    raw("a scope without deadline, 10,000 pending", (count) => pending(count, many, unlimited)),
    raw("a scope without deadline, 10 pending", (count) => pending(count, few, unlimited)),
    raw("Promise.race with setTimeout, 10,000 pending", (count) => pending(count, many, raced)),
    raw("Promise.race with setTimeout, 10 pending", (count) => pending(count, few, raced)),
  ],
  targets: [{ than: "failAfter, 10 pending", atMost: 1 }],
};
