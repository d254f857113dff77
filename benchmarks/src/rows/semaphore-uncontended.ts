import { Semaphore } from "anywhen";
import { permits, plainBody, uncontendedPermits } from "../permits.ts";
import { type Row, subject } from "../row.ts";

async function use(count: number): Promise<void> {
  const semaphore = new Semaphore(permits);
  for (let index = 0; index < count; index++) await semaphore.use(plainBody);
}

export const row: Row = {
  name: "semaphore-uncontended",
  operation: "one of ten permits nobody else wants, acquired and released around a plain function",
  unit: "ns",
  operations: 100_000,
  contenders: [subject("semaphore.use", use), ...uncontendedPermits()],
};
