import {
  CapacityLimiter,
  Condition,
  Lock,
  Semaphore,
  taskGroup,
  waitAllTasksBlocked,
  type Lease,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";

/** Whatever lends one lease at a time: what holds for one of them holds for all. */
export interface Lessor {
  acquire(): Promise<Lease>;
  acquireNowait(): Lease;
  use<T>(body: () => T | PromiseLike<T>): Promise<T>;
  /** How many wait to acquire. */
  waiting(): number;
}

function withWaiting<L extends Omit<Lessor, "waiting">>(lessor: L, waiting: () => number): Lessor {
  return Object.assign(lessor, { waiting });
}

function lock(): Lessor {
  const made = new Lock();
  return withWaiting(made, () => made.statistics().tasksWaiting);
}

function semaphore(): Lessor {
  const made = new Semaphore(1);
  return withWaiting(made, () => made.statistics().tasksWaiting);
}

function limiter(): Lessor {
  const made = new CapacityLimiter(1);
  return withWaiting(made, () => made.statistics().tasksWaiting);
}

function condition(): Lessor {
  const made = new Condition();
  return withWaiting(made, () => made.statistics().lock.tasksWaiting);
}

/** Makes one of each kind, by the name that titles give it. */
export const lessors: readonly (readonly [string, () => Lessor])[] = [
  ["a Lock", lock],
  ["a Semaphore", semaphore],
  ["a CapacityLimiter", limiter],
  ["a Condition", condition],
];

/** A case for each kind of lessor, run inside a task: ids from `first` on, WHAT in the title stands for the kind. */
export function eachLessor(
  rule: string,
  first: number,
  title: string,
  run: (t: CaseContext, lessor: Lessor) => Promise<void>,
): readonly Case[] {
  return lessors.map(([name, make], index) =>
    timeless(`${rule}.${first + index}`, title.replace("WHAT", name), (t) =>
      t.run(() => run(t, make())),
    ),
  );
}

/** Starts one task after the other, each once all before it wait, runs `body`, and waits for the tasks. */
export async function inOrder(
  works: readonly (() => Promise<unknown>)[],
  body: () => unknown,
): Promise<void> {
  await taskGroup(async (tg) => {
    for (const work of works) {
      tg.startSoon(work);
      await waitAllTasksBlocked();
    }
    await body();
  });
}

/** A task that logs its name when it holds, and releases. */
export function turnOf(t: CaseContext, lessor: Lessor, name: string): () => Promise<void> {
  return () => lessor.use(() => void t.log.push(name));
}
