import type { Row } from "../row.ts";
import { spawning } from "../spawning.ts";

export const row: Row = {
  name: "spawn-join-1k",
  operation: "one task that returns at once, started and joined in a group of 1,000",
  unit: "ns",
  operations: 100_000,
  contenders: spawning(1_000, {}),
};
