import type { Row } from "../row.ts";
import { spawning } from "../spawning.ts";

export const row: Row = {
  name: "spawn-join-10",
  operation: "one task that returns at once, started and joined in a group of ten",
  unit: "ns",
  operations: 100_000,
  contenders: spawning(10, {}),
  targets: [
    { than: "Promise.all", atMost: 5 },
    { than: "Promise.all", atMost: 8 },
  ],
};
