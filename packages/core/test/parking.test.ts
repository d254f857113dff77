import {
  type Backend,
  Barrier,
  Broadcast,
  cancellable,
  CapacityLimiter,
  CancelScope,
  cancelScope,
  Condition,
  type CoreState,
  elapsed,
  Event,
  Future,
  Lock,
  memoryStream,
  now,
  receiving,
  run,
  select,
  Semaphore,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
  withVirtualClock,
  WouldBlock,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { describe, expect, test } from "vitest";

/** A call that waits, and what must hold once it has been cancelled. */
interface Wait {
  readonly begin: () => Promise<unknown>;
  readonly after?: () => unknown;
}

/** For one lease, which is held meanwhile. */
async function contended(lessor: Lock | Semaphore): Promise<Wait> {
  const lease = await lessor.acquire();
  const after = (): void => {
    lease.release();
    lessor.acquireNowait().release();
  };
  return { begin: () => lessor.acquire(), after };
}

const waits: readonly (readonly [name: string, make: () => Promise<Wait> | Wait])[] = [
  ["sleepForever()", () => ({ begin: sleepForever })],
  // Longer than the time that passes meanwhile, or what it left behind would not be seen.
  ["sleep()", () => ({ begin: () => sleep(1), after: () => sleep(2) })],
  [
    "Event.wait()",
    () => {
      const event = new Event();
      return { begin: () => event.wait(), after: () => event.set() };
    },
  ],
  ["Lock.acquire()", () => contended(new Lock())],
  ["Semaphore.acquire()", () => contended(new Semaphore(1))],
  [
    "CapacityLimiter.acquireOnBehalfOf()",
    async () => {
      const limiter = new CapacityLimiter(1);
      const lease = await limiter.acquire();
      const borrower = {};
      const after = (): void => {
        lease.release();
        limiter.acquireOnBehalfOfNowait(borrower).release();
      };
      return { begin: () => limiter.acquireOnBehalfOf(borrower), after };
    },
  ],
  [
    "ConditionLease.wait()",
    async () => {
      const condition = new Condition();
      const held = await condition.acquire();
      const after = (): void => {
        expect(condition.locked).toBe(true);
        held.notifyAll();
        held.release();
        expect(condition.locked).toBe(false);
      };
      return { begin: () => held.wait(), after };
    },
  ],
  [
    "Barrier.wait()",
    () => {
      const barrier = new Barrier(2);
      return { begin: () => barrier.wait(), after: () => expect(barrier.waiting).toBe(0) };
    },
  ],
  [
    "Future.wait()",
    () => {
      const future = new Future<number>();
      return { begin: () => future.wait(), after: () => future.setResult(1) };
    },
  ],
  [
    "receive()",
    () => {
      const [send, receive] = memoryStream<number>(0);
      const after = (): void => expect(() => send.sendNowait(1)).toThrow(WouldBlock);
      return { begin: () => receive.receive(), after };
    },
  ],
  [
    "send()",
    () => {
      const [send, receive] = memoryStream<number>(0);
      const after = (): void => expect(() => receive.receiveNowait()).toThrow(WouldBlock);
      return { begin: () => send.send(1), after };
    },
  ],
  [
    "Broadcast.send()",
    () => {
      const channel = new Broadcast<number>();
      const receiver = channel.subscribe();
      const after = (): void => expect(() => receiver.receiveNowait()).toThrow(WouldBlock);
      return { begin: () => channel.send(1), after };
    },
  ],
  [
    "select()",
    () => {
      const [send, receive] = memoryStream<number>(0);
      const after = async (): Promise<void> => {
        expect(() => send.sendNowait(1)).toThrow(WouldBlock);
        await sleep(2);
      };
      return { begin: () => select({ item: receiving(receive), late: elapsed(1) }), after };
    },
  ],
  [
    "cancellable()",
    () => {
      let resolve = (): void => {};
      const promise = new Promise<void>((settle) => (resolve = settle));
      const after = async (): Promise<void> => {
        resolve();
        await promise;
      };
      return { begin: () => cancellable(promise), after };
    },
  ],
  ["waitAllTasksBlocked()", () => ({ begin: waitAllTasksBlocked })],
];

describe("a wait that is cancelled while its call parks", () => {
  test.each(waits)("%s, by a backend in idle(), has ended for good", async (_, make) => {
    const inner = promiseBackend();
    let core: CoreState | undefined;
    let onIdle = (): void => {};
    const backend: Backend = {
      ...inner,
      bind: (state) => void (core = state),
      idle: () => onIdle(),
    };
    const main = async (): Promise<void> => {
      const { begin, after } = await make();
      const value = await cancelScope((scope) => {
        onIdle = () => scope.cancel();
        const waiting = begin();
        onIdle = () => {};
        // Where the backend is not idle, or only then.
        scope.cancel();
        return waiting;
      });
      expect(value).toBeUndefined();
      await after?.();
      expect(core?.runnable).toBe(1);
    };
    await run(main, { backend });
    expect(core?.runnable).toBe(0);
    expect(core?.nextDue()).toBe(Infinity);
  });

  test.each(waits)("%s, by an instrument, has ended for good", async (_, make) => {
    const backend = withVirtualClock(promiseBackend());
    let onWait = (): void => {};
    const instrument = { taskWaiting: () => onWait() };
    const main = async (): Promise<void> => {
      const { begin, after } = await make();
      const outcomes = await cancelScope(async (scope) => {
        // Told of the first when the second parks.
        onWait = () => scope.cancel();
        const outcomes = await Promise.allSettled([sleepForever(), begin()]);
        onWait = () => {};
        return outcomes.map(({ status }) => status);
      });
      expect(outcomes).toEqual(["rejected", "rejected"]);
      await after?.();
      // Time goes on: nothing is counted that does not run.
      const before = now();
      await sleep(100);
      expect(now()).toBe(before + 100);
    };
    await run(main, { backend, instruments: [instrument] });
  });

  test("clock.advance(), by an instrument, moves the clock no more", async () => {
    const backend = withVirtualClock(promiseBackend(), { autojump: false });
    let onWait = (): void => {};
    const main = async (): Promise<void> => {
      await cancelScope(async (scope) => {
        onWait = () => scope.cancel();
        await Promise.allSettled([sleepForever(), backend.clock.advance(50)]);
        onWait = () => {};
      });
      await waitAllTasksBlocked();
      expect(now()).toBe(0);
      await backend.clock.advance(7);
      expect(now()).toBe(7);
    };
    await run(main, { backend, instruments: [{ taskWaiting: () => onWait() }] });
  });
});

test("M2 what an instrument does while a call parks is not lost, and takes nobody's place", async () => {
  const [send, receive] = memoryStream<string>(5);
  const happened = new Event();
  let told = 0;
  const instrument = {
    taskWaiting() {
      if (++told !== 1) return;
      send.sendNowait("first");
      happened.set();
    },
  };
  const main = async (): Promise<unknown> => {
    const items = await cancelScope(async (scope) => {
      const never = sleepForever().catch(() => {});
      const waits = [receive.receive(), happened.wait()] as const;
      await waits[1];
      send.sendNowait("second");
      const received = [await waits[0], await receive.receive()];
      scope.cancel();
      await never;
      return received;
    });
    return items;
  };
  expect(await run(main, { backend: promiseBackend(), instruments: [instrument] })).toEqual([
    "first",
    "second",
  ]);
});

test("an instrument that cancels one caller of waitAllTasksBlocked() as another one is resumed leaves the counts right", async () => {
  let core: CoreState | undefined;
  const backend: Backend = { ...promiseBackend(), bind: (state) => void (core = state) };
  const second = new CancelScope();
  const instrument = {
    taskResumed: ({ name }: { name: string }) => name === "first" && second.cancel(),
  };
  const main = () =>
    taskGroup((tg) => {
      tg.startSoon(() => waitAllTasksBlocked(), { name: "first" });
      tg.startSoon(() => second.run(() => waitAllTasksBlocked()), { name: "second" });
    });
  await run(main, { backend, instruments: [instrument] });
  expect(core?.runnable).toBe(0);
});

test("K2 an item that an instrument sends while another one is handed over is not lost, and takes nobody's place", async () => {
  const [send, receive] = memoryStream<string>(Infinity);
  const told: unknown[] = [];
  const instrument = {
    taskWaiting(_: unknown, what: string | undefined) {
      told.push(what);
      if (told.length === 1) send.sendNowait("the instrument's");
    },
  };
  const main = async (): Promise<string[]> => {
    const received = receive.receive();
    send.sendNowait("mine");
    return [await received, await receive.receive()];
  };
  const items = await run(main, { backend: promiseBackend(), instruments: [instrument] });
  expect(items).toEqual(["mine", "the instrument's"]);
  expect(told).toEqual(["an item of a memory stream"]);
});

test("a task that a backend settles while an instrument hears of its start has ended so", async () => {
  const inner = promiseBackend();
  let early = (): void => {};
  const backend: Backend = {
    ...inner,
    spawn(task) {
      early = () => task.settled({ tag: "ok", value: "early" });
      void task.run().then((outcome) => task.settled(outcome));
    },
  };
  const instrument = {
    taskStarted: ({ name }: { name: string }) => name === "one" && early(),
  };
  let began = false;
  const main = () =>
    taskGroup((tg) => {
      const begin = (): string => {
        began = true;
        return "late";
      };
      return tg.startSoon(begin, { name: "one" }).result();
    });
  expect(await run(main, { backend, instruments: [instrument] })).toBe("early");
  expect(began).toBe(false);
});
