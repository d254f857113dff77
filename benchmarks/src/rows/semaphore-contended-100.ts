import { Semaphore } from "anywhen";
import { body, inTasks } from "../contending.ts";
import { contendedPermits, permits } from "../permits.ts";
import { type Row, subject } from "../row.ts";

function use(count: number): Promise<void> {
  const semaphore = new Semaphore(permits);
  return inTasks(count, () => semaphore.use(body));
}

export const row: Row = {
  name: "semaphore-contended-100",
  operation: "one of the acquisitions by 100 tasks of ten permits, held across an await",
  unit: "ns",
  operations: 100_000,
  contenders: [subject("semaphore.use", use), ...contendedPermits()],
};
