import {
  cancelScope,
  DeadlockError,
  Event,
  run,
  ScopeCancelledError,
  shield,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { afterEach, describe, expect, test, vi } from "vitest";

const backend = promiseBackend();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.restoreAllMocks();
});

/** Calls what `run()` has the process call on `event`, and nobody else's listeners. */
function emitTo(before: readonly unknown[], event: string): number {
  const ours = process.rawListeners(event).filter((one) => !before.includes(one));
  for (const listener of ours) (listener as (name: string) => void)(event);
  return ours.length;
}

describe("run({ signals })", () => {
  test("is cancelled by the first signal, with its name as the reason", async () => {
    const before = process.listeners("SIGUSR2");
    const work = run(() => sleepForever(), { backend, signals: ["SIGUSR2"] });
    expect(emitTo(before, "SIGUSR2")).toBe(1);
    const error: unknown = await work.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ScopeCancelledError);
    expect((error as ScopeCancelledError).reason).toBe("SIGUSR2");
    expect(process.listeners("SIGUSR2")).toEqual(before);
  });

  test("ends the process at the second, with 128 and the signal's number", async () => {
    const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
    const before = process.listeners("SIGUSR2");
    const work = run(() => sleepForever(), { backend, signals: ["SIGUSR2"] });
    emitTo(before, "SIGUSR2");
    emitTo(before, "SIGUSR2");
    expect(exit).toHaveBeenCalledWith(128 + 12);
    await expect(work).rejects.toThrow(ScopeCancelledError);
  });

  test("keeps the value of a main that returned in spite of it", async () => {
    const before = process.listeners("SIGUSR2");
    const main = (): string => {
      emitTo(before, "SIGUSR2");
      return "done";
    };
    expect(await run(main, { backend, signals: ["SIGUSR2"] })).toBe("done");
  });

  test("of no signals listens to none", async () => {
    const before = process.listeners("SIGUSR2");
    await run(() => expect(emitTo(before, "SIGUSR2")).toBe(0), { backend, signals: [] });
  });
});

describe("D1: a process that would exit while a run waits", () => {
  async function deadlockOf(main: () => Promise<unknown>, name: string): Promise<unknown> {
    const before = process.listeners("beforeExit");
    const work = run(main, { backend, name }).catch((error: unknown) => error);
    for (let asked = 0; asked < 3; asked++) {
      await turn();
      await turn();
      emitTo(before, "beforeExit");
    }
    const error = await work;
    expect(process.listeners("beforeExit")).toEqual(before);
    return error;
  }

  test("fails it with a DeadlockError that lists what each task waits for, and lets cleanup run", async () => {
    const event = new Event();
    let cleaned = false;
    const main = (): Promise<unknown> =>
      taskGroup((tg) => {
        tg.startSoon(() => event.wait(), { name: "listener" });
        tg.startSoon(
          () =>
            sleepForever().finally(() => {
              cleaned = true;
            }),
          { name: "sleeper" },
        );
      });
    const error = await deadlockOf(main, "stuck");
    expect(error).toBeInstanceOf(DeadlockError);
    const { message } = error as DeadlockError;
    expect(message).toMatch(/run "stuck" can make no progress: all of its 3 tasks wait/);
    expect(message).toMatch(/task "listener" waits for /);
    expect(message).toMatch(/task "sleeper" waits for its cancellation/);
    expect(message).toMatch(/task "stuck" waits for the tasks of /);
    expect(cleaned).toBe(true);
  });

  test("fails it also when a shielded wait outlasts the cancellation", async () => {
    const error = await deadlockOf(() => shield(() => sleepForever()), "shielded");
    expect(error).toBeInstanceOf(DeadlockError);
    expect((error as DeadlockError).message).toMatch(/its only task waits/);
  });

  test("leaves alone a run that awaits a foreign promise", async () => {
    const before = process.listeners("beforeExit");
    let finish: (value: string) => void = () => {};
    const work = run(() => new Promise<string>((resolve) => (finish = resolve)), { backend });
    await turn();
    emitTo(before, "beforeExit");
    await turn();
    finish("foreign");
    expect(await work).toBe("foreign");
  });

  test("fails the innermost of nested runs first, and the outer one goes on", async () => {
    const main = async (): Promise<string> => {
      const inner: unknown = await run(() => sleepForever(), { backend }).catch(
        (caught: unknown) => caught,
      );
      expect(inner).toBeInstanceOf(DeadlockError);
      await cancelScope((scope) => scope.cancel());
      await waitAllTasksBlocked();
      return "went on";
    };
    expect(await deadlockOf(main, "outer")).toBe("went on");
  });
});
