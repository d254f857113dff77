import { raw, type Row } from "../row.ts";
import { inTaskGroups, spawning } from "../spawning.ts";

const smaller = "taskGroup, groups of 1,000";

export const row: Row = {
  name: "spawn-join-100k",
  operation: "one task that returns at once, started and joined in a group of 100,000",
  unit: "ns",
  operations: 100_000,
  contenders: [...spawning(100_000, { raw: 1, fibers: 1 }), raw(smaller, inTaskGroups(1_000))],
  targets: [
    { than: "Promise.all", atMost: 5 },
    // Linear: a hundred times the tasks cost what they weigh on the garbage collector, no more.
    { than: smaller, atMost: 2 },
  ],
};
