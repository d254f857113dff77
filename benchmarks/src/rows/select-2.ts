import type { Row } from "../row.ts";
import { selecting } from "../selecting.ts";

export const row: Row = {
  name: "select-2",
  operation: "one select between two streams that a sender fills in turn",
  unit: "ns",
  operations: 50_000,
  contenders: selecting(2),
};
