import type * as core from "@anywhen/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

type Core = typeof core;

/** The sources once more, as they come out on the host as it is now. */
async function loadCore(): Promise<Core> {
  vi.resetModules();
  return (await import("../src/index.ts")) as unknown as Core;
}

async function loadBackend(): Promise<core.Backend> {
  const { promiseBackend } = await import("@anywhen/promise");
  return promiseBackend();
}

beforeEach(() => {
  // Loading a second copy is what these tests are about.
  vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

function stubProcess(changes: Record<string, unknown>): void {
  const stub: unknown = new Proxy(process, {
    get: (target, name) =>
      typeof name === "string" && name in changes
        ? changes[name]
        : (Reflect.get(target, name) as unknown),
  });
  vi.stubGlobal("process", stub);
}

describe("on a host without AsyncLocalStorage", () => {
  const withoutIt = async (): Promise<Core> => {
    stubProcess({ getBuiltinModule: () => undefined });
    const core = await loadCore();
    const backend = await loadBackend();
    core.installBackends(backend, () => Promise.resolve(backend));
    return core;
  };

  test("C24: code outside scopes works", async () => {
    const core = await withoutIt();
    await core.sleep(1);
    await core.checkpoint();
    core.throwIfCancelled();
    expect(core.currentScope()).toBeUndefined();
    expect(core.currentEffectiveDeadline()).toBe(Infinity);
    expect(core.currentSignal().aborted).toBe(false);
    expect(core.detached(() => 1)).toBe(1);
    expect(new core.ContextVar("v", { defaultValue: 5 }).get()).toBe(5);
    await core.waitAllTasksBlocked();
  });

  test("a scope, a group, a run and a variable say that they cannot work", async () => {
    const core = await withoutIt();
    const says = /no AsyncLocalStorage.*Node 20\.19/;
    await expect(core.cancelScope(() => 1)).rejects.toThrow(says);
    await expect(core.taskGroup(() => 1)).rejects.toMatchObject({
      errors: [{ message: expect.stringMatching(says) as string }],
    });
    await expect(core.run(() => 1)).rejects.toThrow(says);
    expect(() => new core.ContextVar("v").run(1, () => 1)).toThrow(says);
  });

  test("run({ signals }) says that there are none", async () => {
    const core = await withoutIt();
    const work = core.run(() => 1, { signals: ["SIGINT"] });
    await expect(work).rejects.toThrow(/no process signals.*\{ signal \}/);
  });
});

describe("on a host without setImmediate", () => {
  test("turns are messages to oneself", async () => {
    vi.stubGlobal("setImmediate", undefined);
    const core = await loadCore();
    const backend = await loadBackend();
    const order: string[] = [];
    await core.run(
      () =>
        core.taskGroup(async (tg) => {
          tg.startSoon(async () => {
            await core.sleep(1);
            order.push("timer");
          });
          await core.waitAllTasksBlocked();
          for (let i = 0; i < 200; i++) await core.checkpoint();
          order.push("checkpoints");
        }),
      { backend },
    );
    expect(order.toSorted()).toEqual(["checkpoints", "timer"]);
  });
});

describe("on a host without a process", () => {
  test("the default backend is the built-in one", async () => {
    vi.stubGlobal("process", undefined);
    const core = await loadCore();
    const backend = await loadBackend();
    expect(() => core.currentBackend()).toThrow(/no default backend.*import from "anywhen"/);
    core.installBackends(backend, () => Promise.resolve(backend));
    expect(core.currentBackend()).toBe(backend);
  });
});
