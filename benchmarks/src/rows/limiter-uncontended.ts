import { CapacityLimiter } from "anywhen";
import { permits, plainBody, uncontendedPermits } from "../permits.ts";
import { type Row, subject } from "../row.ts";

async function use(count: number): Promise<void> {
  const limiter = new CapacityLimiter(permits);
  for (let index = 0; index < count; index++) await limiter.use(plainBody);
}

export const row: Row = {
  name: "limiter-uncontended",
  operation: "one of ten tokens nobody else wants, borrowed and returned around a plain function",
  unit: "ns",
  operations: 100_000,
  contenders: [subject("limiter.use", use), ...uncontendedPermits()],
};
