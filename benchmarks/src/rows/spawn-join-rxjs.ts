import { asapScheduler } from "rxjs";
import { run, taskGroup } from "anywhen";
import { baseline, type Row, subject } from "../row.ts";

const size = 10;
const fast = async (): Promise<number> => 1;
const afterHop = (): Promise<void> =>
  new Promise((resolve) => {
    asapScheduler.schedule(() => resolve());
  });

async function inGroups(count: number, task: () => Promise<unknown>): Promise<void> {
  for (let started = 0; started < count; started += size) {
    await taskGroup((tg) => {
      for (let index = 0; index < size; index++) tg.startSoon(task);
    });
  }
}

export const row: Row = {
  name: "spawn-join-rxjs",
  operation: "one task on the RxJS backend, started and joined in a group of ten",
  unit: "ns",
  operations: 20_000,
  contenders: [
    subject("taskGroup on RxJS", (count) => run(() => inGroups(count, fast), { backend: "rxjs" })),
    ...baseline("on Promise, and a scheduler hop a task", (count) =>
      run(() => inGroups(count, afterHop), { backend: "promise" }),
    ),
  ],
  targets: [{ than: "on Promise, and a scheduler hop a task", atMost: 2 }],
};
