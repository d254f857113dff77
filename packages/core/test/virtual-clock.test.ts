import {
  type Backend,
  cancelScope,
  Event,
  eventLoop,
  Lock,
  moveOnAfter,
  now,
  run,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  UsageError,
  type VirtualBackend,
  waitAllTasksBlocked,
  withVirtualClock,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { describe, expect, test, vi } from "vitest";

const virtual = (options?: Parameters<typeof withVirtualClock>[1]): VirtualBackend =>
  withVirtualClock(promiseBackend(), options);

describe("a clock that moves by itself", () => {
  test("lets a year pass at once and to the exact millisecond", async () => {
    const year = 365 * 24 * 3_600_000;
    const backend = virtual();
    const woken = await run(() => sleep(year).then(now), { backend });
    expect(woken).toBe(year);
    expect(backend.clock.now).toBe(year);
  });

  test("begins at the instant it is given", async () => {
    expect(await run(() => sleep(5).then(now), { backend: virtual({ start: 1_000 }) })).toBe(1_005);
  });

  test("stops at each instant, and all that one brings about is over before the next", async () => {
    const log: string[] = [];
    await run(
      () =>
        taskGroup((tg) => {
          const event = new Event();
          tg.startSoon(async () => {
            await sleep(10);
            event.set();
          });
          tg.startSoon(async () => {
            await event.wait();
            for (let hops = 0; hops < 1_000; hops++) await Promise.resolve();
            log.push(`told at ${now()}`);
          });
          tg.startSoon(() => sleep(10.5).then(() => log.push(`slept until ${now()}`)));
        }),
      { backend: virtual() },
    );
    expect(log).toEqual(["told at 10", "slept until 10.5"]);
  });

  test("stands still while a task waits for the host", async () => {
    const log: string[] = [];
    await run(
      () =>
        taskGroup((tg) => {
          tg.startSoon(async () => {
            for (let count = 0; count < 5; count += 1)
              await new Promise((resolve) => setImmediate(resolve));
            log.push("host");
          });
          tg.startSoon(() => sleep(1).then(() => log.push("clock")));
        }),
      { backend: virtual() },
    );
    expect(log).toEqual(["host", "clock"]);
  });

  test("stands still while a turn of the backend is under way, however late it comes", async () => {
    const turns: (() => void)[] = [];
    const slow: Backend = {
      ...promiseBackend(),
      reschedule: (callback) => void turns.push(callback),
    };
    const backend = withVirtualClock(slow);
    const log: string[] = [];
    backend.setTimer(1, () => log.push("timer"));
    backend.reschedule(() => log.push("turn"), undefined);
    await turnsOfTheLoop(10);
    turns.pop()?.();
    await turnsOfTheLoop(10);
    expect(log).toEqual(["turn", "timer"]);
  });

  test("stands still while a resumption that the backend puts off is to come", async () => {
    const resumptions: (() => void)[] = [];
    const choosing: Backend = {
      ...promiseBackend(),
      wake: (_host, resume) => void resumptions.push(resume),
    };
    const backend = withVirtualClock(choosing);
    const log: string[] = [];
    backend.setTimer(1, () => log.push("timer"));
    backend.wake?.(undefined, () => log.push("resumed"), "value");
    await turnsOfTheLoop(10);
    resumptions.pop()?.();
    await turnsOfTheLoop(10);
    expect(log).toEqual(["resumed", "timer"]);
  });

  test("moves on once a call of waitAllTasksBlocked() has been cancelled", async () => {
    const backend = virtual();
    const woken = async (): Promise<number> => {
      const blocked = await cancelScope((scope) => {
        scope.cancel();
        return waitAllTasksBlocked();
      });
      expect(blocked).toBeUndefined();
      await cancelScope(async (scope) => {
        const waiting = waitAllTasksBlocked();
        scope.cancel();
        await waiting;
      });
      await sleep(5);
      return now();
    };
    expect(await run(woken, { backend })).toBe(5);
  });

  test("leaves a caller of waitAllTasksBlocked() the first word", async () => {
    const log: string[] = [];
    await run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(() => sleep(1).then(() => log.push("slept")));
          await waitAllTasksBlocked();
          log.push(`blocked at ${now()}`);
        }),
      { backend: virtual() },
    );
    expect(log).toEqual(["blocked at 0", "slept"]);
  });

  test("carries 100,000 sleepers from instant to instant in order", async () => {
    const woken: number[] = [];
    await run(
      () =>
        taskGroup((tg) => {
          for (let index = 0; index < 100_000; index++) {
            tg.startSoon(async () => {
              await sleep(1 + ((index * 7_919) % 1_000));
              woken.push(now());
            });
          }
        }),
      { backend: virtual() },
    );
    expect(woken.length).toBe(100_000);
    expect(woken.every((at, index) => index === 0 || at >= (woken[index - 1] as number))).toBe(
      true,
    );
  }, 120_000);

  test("moves while the timers of a test runner are faked", async () => {
    vi.useFakeTimers();
    try {
      const backend = virtual();
      await run(() => sleep(3_600_000), { backend });
      expect(backend.clock.now).toBe(3_600_000);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a run that can make no progress", () => {
  const crossed = (): Promise<unknown> =>
    taskGroup((tg) => {
      const [left, right] = [new Lock({ name: "left" }), new Lock({ name: "right" })];
      const both = async (first: Lock, second: Lock): Promise<void> => {
        await first.use(async () => {
          await sleep(10);
          await second.use(() => {});
        });
      };
      tg.startSoon(() => both(left, right), { name: "one" });
      tg.startSoon(() => both(right, left), { name: "other" });
    });

  test("D1 fails at once, with what each task waits for", async () => {
    const backend = virtual();
    const failing = run(crossed, { backend });
    await expect(failing).rejects.toMatchObject({
      code: "ERR_DEADLOCK",
      message: expect.stringContaining('task "one" waits for Lock "right" held by'),
    });
    expect(backend.clock.now).toBe(10);
  });

  test("D1 is found by a clock that is moved by hand, too", async () => {
    const backend = virtual({ autojump: false });
    const failing = run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(crossed);
          await backend.clock.advance(20);
        }),
      { backend },
    );
    await expect(failing).rejects.toMatchObject({ code: "ERR_DEADLOCK" });
  });

  test("D1 fails also where a shield keeps the cancellation from its tasks", async () => {
    const failing = run(() => shield(() => sleepForever()), { backend: virtual() });
    await expect(failing).rejects.toMatchObject({ code: "ERR_DEADLOCK" });
  });

  test("D1 is the innermost run that is stuck; the one around it goes on", async () => {
    const backend = virtual();
    const ending = await run(
      () => run(() => sleepForever(), { name: "inner", backend }).catch(String),
      { backend },
    );
    expect(ending).toContain('run "inner" can make no progress');
  });

  test("D1 does not hold for a run that a deadline will end", async () => {
    const backend = virtual();
    expect(await run(() => moveOnAfter(10, () => sleepForever()), { backend })).toBeUndefined();
  });

  test("D1 does not hold while somebody outside may abort the run's signal", async () => {
    const controller = new AbortController();
    const running = run(() => sleepForever(), { backend: virtual(), signal: controller.signal });
    const ended = expect(running).rejects.toMatchObject({ reason: "enough" });
    await turnsOfTheLoop(20);
    controller.abort("enough");
    await ended;
  });

  test("D1 does not hold while code outside the run moves its clock", async () => {
    const backend = virtual();
    const event = new Event();
    const running = run(() => event.wait(), { backend });
    await backend.clock.advance(10);
    await turnsOfTheLoop(20);
    event.set();
    await running;
  });

  test.each(["live", "virtual"])(
    "D1 does not hold while a %s run on another backend goes on, which may wake it",
    async (kind) => {
      const event = new Event();
      const other = run(
        async () => {
          if (kind === "virtual") for (let i = 0; i < 5; i++) await sleep(20);
          else for (let i = 0; i < 10; i++) await new Promise<void>(eventLoop.nextTurn);
          event.set();
        },
        { backend: kind === "live" ? promiseBackend() : virtual() },
      );
      await expect(run(() => event.wait(), { backend: virtual() })).resolves.toBeUndefined();
      await other;
    },
  );

  test("D1 does not hold while the run may be cancelled by one on another backend", async () => {
    const log: string[] = [];
    await run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(() => run(() => sleepForever(), { backend: virtual() }));
          await new Promise((resolve) => eventLoop.setTimer(20, () => resolve(undefined)));
          log.push("still waiting");
          tg.cancel();
        }),
      { backend: promiseBackend() },
    );
    expect(log).toEqual(["still waiting"]);
  });
});

describe("clock.advance()", () => {
  test("passes each instant that is due, and returns when all of it has run", async () => {
    const backend = virtual({ autojump: false });
    const log: string[] = [];
    await run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(async () => {
            for (let count = 0; count < 3; count++) {
              await sleep(10);
              for (let hops = 0; hops < 100; hops++) await Promise.resolve();
              log.push(`tick at ${now()}`);
            }
          });
          await backend.clock.advance(20);
          log.push(`advanced to ${now()}`);
          await backend.clock.advance(9);
          log.push(`advanced to ${now()}`);
          tg.cancel();
        }),
      { backend },
    );
    expect(log).toEqual(["tick at 10", "tick at 20", "advanced to 20", "advanced to 29"]);
  });

  test("works from outside the run as well", async () => {
    const backend = virtual({ autojump: false });
    let woken: number | undefined;
    const running = run(() => sleep(30).then(() => (woken = now())), { backend });
    await backend.clock.advance(29);
    expect(woken).toBeUndefined();
    await backend.clock.advance(1);
    expect(woken).toBe(30);
    await running;
  });

  test("waits for what a task awaits of the outside", async () => {
    const backend = virtual({ autojump: false });
    const log: string[] = [];
    await run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(async () => {
            await sleep(10);
            for (let turns = 0; turns < 5; turns++)
              await new Promise((resolve) => setImmediate(resolve));
            await sleep(5);
            log.push(`done at ${now()}`);
          });
          await backend.clock.advance(15);
          log.push("advanced");
        }),
      { backend },
    );
    expect(log).toEqual(["done at 15", "advanced"]);
  });

  test("of two tasks at once ends at each one's own instant", async () => {
    const backend = virtual({ autojump: false });
    const log: string[] = [];
    const move = async (ms: number): Promise<void> => {
      await backend.clock.advance(ms);
      log.push(`${ms} at ${now()}`);
    };
    await run(
      () =>
        taskGroup((tg) => {
          tg.startSoon(() => move(10));
          tg.startSoon(() => move(4));
        }),
      { backend },
    );
    expect(log).toEqual(["4 at 4", "10 at 10"]);
  });

  test("K1 is a checkpoint: cancelled, it stops where it has come to", async () => {
    const backend = virtual({ autojump: false });
    await run(() => moveOnAfter(5, () => backend.clock.advance(100)), { backend });
    await turnsOfTheLoop(5);
    expect(backend.clock.now).toBe(5);
  });

  test("in a run on another backend that a task of the clock waits for says that it would hang", async () => {
    const backend = virtual();
    const inner = (): Promise<void> =>
      run(() => backend.clock.advance(1), { backend: promiseBackend() });
    const failing = run(inner, { backend });
    await expect(failing).rejects.toThrow(UsageError);
    await expect(failing).rejects.toThrow("call it in a task of the outer run");
  });

  test.each([-1, NaN, Infinity, "5"])("refuses %o and names it", async (ms) => {
    const failing = virtual().clock.advance(ms as number);
    await expect(failing).rejects.toThrow(String(ms));
  });
});

describe("clock.jumpTo()", () => {
  test("moves past several instants at once, and each sleeper finds the last", async () => {
    const backend = virtual({ autojump: false });
    const log: string[] = [];
    await run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(() => sleep(1).then(() => log.push(`first at ${now()}`)));
          tg.startSoon(() => sleep(2).then(() => log.push(`second at ${now()}`)));
          await waitAllTasksBlocked();
          backend.clock.jumpTo(10);
          expect(log).toEqual([]);
          await waitAllTasksBlocked();
        }),
      { backend },
    );
    expect(log).toEqual(["first at 10", "second at 10"]);
  });

  test("calls nothing back before it has returned", async () => {
    const backend = virtual({ autojump: false });
    const log: string[] = [];
    backend.setTimer(1, () => log.push("timer"));
    backend.clock.jumpTo(10);
    log.push("returned");
    await turnsOfTheLoop(3);
    expect(log).toEqual(["returned", "timer"]);
  });

  test("past the end of an advance() ends it, and is not undone by it", async () => {
    const { clock } = virtual();
    const advanced = clock.advance(1);
    clock.jumpTo(1_000);
    await advanced;
    expect(clock.now).toBe(1_000);
  });

  test("refuses to go back, and what is no instant", () => {
    const { clock } = virtual({ start: 100 });
    expect(() => clock.jumpTo(99)).toThrow("it is 100 already");
    expect(() => clock.jumpTo(Infinity)).toThrow("Infinity");
    expect(() => clock.jumpTo("soon" as never)).toThrow(TypeError);
  });
});

describe("clock.autojump", () => {
  test("switched off holds the clock, switched on lets it go", async () => {
    const backend = virtual({ autojump: false });
    let woken = false;
    const running = run(() => sleep(10).then(() => (woken = true)), { backend });
    await turnsOfTheLoop(20);
    expect(woken).toBe(false);
    expect(backend.clock.autojump).toBe(false);
    backend.clock.autojump = true;
    await running;
    expect(backend.clock.now).toBe(10);
  });

  test("is off where a rate is given, unless it is asked for", () => {
    expect(virtual({ rate: 2 }).clock.autojump).toBe(false);
    expect(virtual({ rate: 2, autojump: true }).clock.autojump).toBe(true);
    expect(() => virtual({ autojump: "yes" as never })).toThrow('true or false, got "yes"');
  });
});

describe("clock.rate", () => {
  test("lets time run by itself, and fires what is due not before its instant", async () => {
    const backend = virtual({ rate: 10_000 });
    const woken = await run(() => sleep(20_000).then(now), { backend });
    expect(woken).toBeGreaterThanOrEqual(20_000);
  });

  test("never makes the time leap when it changes", () => {
    const { clock } = virtual({ rate: 1_000_000 });
    const before = clock.now;
    clock.rate = 0;
    const stopped = clock.now;
    expect(stopped).toBeGreaterThanOrEqual(before);
    expect(clock.now).toBe(stopped);
    clock.rate = 1e-9;
    expect(clock.now - stopped).toBeLessThan(1);
    expect(clock.rate).toBe(1e-9);
  });

  test("set while a task sleeps wakes it", async () => {
    const backend = virtual({ autojump: false });
    const running = run(() => sleep(1_000), { backend });
    await turnsOfTheLoop(5);
    backend.clock.rate = 1_000_000;
    await running;
    expect(backend.clock.now).toBeGreaterThanOrEqual(1_000);
  });

  test.each([-1, NaN, Infinity, "fast"])("refuses %o and names it", (rate) => {
    expect(() => virtual({ rate: rate as number })).toThrow(/0 or more, got/);
    expect(() => (virtual().clock.rate = rate as number)).toThrow(/0 or more, got/);
  });
});

test("a virtual clock claims virtual time and keeps what else the backend claims", () => {
  const capabilities = { virtualTime: false, deterministic: false, hostCancel: true };
  expect(withVirtualClock({ ...promiseBackend(), capabilities }).capabilities).toEqual({
    virtualTime: true,
    deterministic: false,
    hostCancel: true,
  });
});

test("a virtual clock refuses a start that is no instant", () => {
  expect(() => virtual({ start: NaN })).toThrow("start");
  expect(() => virtual({ start: -Infinity })).toThrow("-Infinity");
});

async function turnsOfTheLoop(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++)
    await new Promise<void>((resolve) => eventLoop.nextTurn(resolve));
}
