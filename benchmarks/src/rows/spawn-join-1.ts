import type { Row } from "../row.ts";
import { spawning } from "../spawning.ts";

export const row: Row = {
  name: "spawn-join-1",
  operation: "one task that returns at once, started and joined in a group of its own",
  unit: "ns",
  operations: 50_000,
  contenders: spawning(1, {}),
};
