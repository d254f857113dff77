import { promiseBackend } from "@anywhen/promise";
import { describe, expect, test } from "vitest";
import {
  type Backend,
  Barrier,
  CapacityLimiter,
  Condition,
  Event,
  Future,
  Lock,
  Semaphore,
  run,
  taskGroup,
  waitAllTasksBlocked,
  withVirtualClock,
} from "../src/index.ts";

/** What the wait of a task that does `work` says of itself. */
async function describedWait(
  work: () => Promise<unknown>,
  backend: Backend = promiseBackend(),
): Promise<string | undefined> {
  let description: string | undefined;
  const main = (): Promise<unknown> =>
    taskGroup(async (tg) => {
      const task = tg.startSoon(work);
      await waitAllTasksBlocked();
      description = task.scope.firstWait?.queue?.describe();
      tg.cancel();
    });
  await run(main, { backend, name: "main" });
  return description;
}

function taken<L extends { acquireNowait(): unknown }>(lessor: L): L {
  lessor.acquireNowait();
  return lessor;
}

const waits: readonly (readonly [expected: string, work: () => Promise<unknown>])[] = [
  ["an Event", () => new Event().wait()],
  ['Event "ready"', () => new Event({ name: "ready" }).wait()],
  [
    'a Lock held by task "waiter"',
    async function waiter() {
      await taken(new Lock()).acquire();
    },
  ],
  ['Semaphore "slots"', () => taken(new Semaphore(1, { name: "slots" })).acquire()],
  ['CapacityLimiter "pool"', () => new CapacityLimiter(0, { name: "pool" }).acquire()],
  [
    'Condition "changed"',
    () => new Condition(undefined, { name: "changed" }).use((held) => held.wait()),
  ],
  [
    'Lock "changed" held by task "waiter"',
    async function waiter() {
      await taken(new Condition(undefined, { name: "changed" })).acquire();
    },
  ],
  ['Future "port"', () => new Future({ name: "port" }).wait()],
  ["a Barrier, where 1 of 3 have come", () => new Barrier(3).wait()],
];

describe("the queue of a wait says what the task waits for [D1]", () => {
  test.each(waits)("%s", async (expected, work) => {
    expect(await describedWait(work)).toBe(expected);
  });

  test("the instant 7", async () => {
    const backend = withVirtualClock(promiseBackend(), { start: 4 });
    expect(await describedWait(() => backend.clock.advance(3), backend)).toBe("the instant 7");
  });

  test("Lock held by nobody's task", async () => {
    const lock = taken(new Lock());
    expect(await describedWait(() => lock.acquire())).toBe("a Lock");
  });
});
