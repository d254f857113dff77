import { CapacityLimiter } from "anywhen";
import { body, inTasks } from "../contending.ts";
import { contendedPermits, permits } from "../permits.ts";
import { type Row, subject } from "../row.ts";

function use(count: number): Promise<void> {
  const limiter = new CapacityLimiter(permits);
  return inTasks(count, () => limiter.use(body));
}

export const row: Row = {
  name: "limiter-contended-100",
  operation: "one of the tokens that 100 tasks borrow, ten at a time, and hold across an await",
  unit: "ns",
  operations: 100_000,
  contenders: [subject("limiter.use", use), ...contendedPermits()],
};
