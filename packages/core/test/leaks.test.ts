import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Backend,
  cancellable,
  CancelScope,
  cancelScope,
  checkpoint,
  ContextVar,
  Event,
  type HostedTask,
  installBackends,
  moveOnAfter,
  run,
  sleep,
  sleepForever,
  taskGroup,
  type TaskHandle,
  throwIfCancelled,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { held, isCollected } from "./collected.ts";
import { counted } from "./counted-backend.ts";

const far = 3_600_000;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An object that only what was made with it can keep alive. */
function payload(): { readonly bytes: Uint8Array } {
  return { bytes: new Uint8Array(64) };
}

test("the tests of this file can collect garbage", async () => {
  expect(await isCollected(new WeakRef(payload()))).toBe(true);
  const kept = payload();
  expect(await isCollected(new WeakRef(kept))).toBe(false);
  expect(kept.bytes.length).toBe(64);
});

describe("what has ended is let go of", () => {
  const backend = promiseBackend();

  test("C21: a scope, although its parent lives on", async () => {
    await run(
      async () => {
        let reference: WeakRef<object> | undefined;
        await cancelScope(async (scope) => {
          reference = new WeakRef(scope);
          await checkpoint();
        });
        expect(await isCollected(reference as unknown as WeakRef<object>)).toBe(true);
      },
      { backend },
    );
  });

  test("T18: tasks that were started after one that lives on", async () => {
    await run(
      async () => {
        const stop = new Event();
        const references: WeakRef<object>[] = [];
        await taskGroup(async (tg) => {
          tg.startSoon(() => stop.wait());
          for (let index = 0; index < 300; index++) {
            references.push(new WeakRef(tg.startSoon(() => payload())));
          }
          await waitAllTasksBlocked();
          expect(await held(references)).toBe(0);
          stop.set();
        });
      },
      { backend },
    );
  });

  test("C21: the parent of an ended scope that somebody still holds", async () => {
    let inner: CancelScope | undefined;
    let outer: WeakRef<object> | undefined;
    await run(
      () =>
        cancelScope(async (scope) => {
          outer = new WeakRef(scope);
          inner = new CancelScope();
          await inner.run(() => checkpoint());
        }),
      { backend },
    );
    expect(await isCollected(outer as unknown as WeakRef<object>)).toBe(true);
    expect(inner?.cancelled).toBe(false);
  });

  test("C21: the signal of an ended scope that somebody still holds, with all that listens to it", async () => {
    await run(
      async () => {
        const kept = new CancelScope();
        const references: WeakRef<object>[] = [];
        await kept.run((scope) => {
          const heard = payload();
          scope.signal.addEventListener("abort", () => heard.bytes.fill(1));
          references.push(new WeakRef(scope.signal), new WeakRef(heard));
        });
        expect(await held(references)).toBe(0);
        expect(kept.cancelCalled).toBe(false);
      },
      { backend },
    );
  });

  test("C21: 1,000 children of a long-lived scope, ended in every way", async () => {
    await run(
      async () => {
        const references: WeakRef<object>[] = [];
        for (let i = 0; i < 1_000; i++) {
          const scope = new CancelScope(i % 2 === 0 ? {} : { deadline: Infinity, name: `${i}` });
          references.push(new WeakRef(scope));
          await scope
            .run(async () => {
              if (i % 4 === 1) scope.cancel();
              if (i % 4 === 2) throw new Error("boom");
              if (i % 4 === 3) void scope.signal;
              throwIfCancelled();
            })
            .catch(() => {});
        }
        // V8 may hold on to a few whatever we do: frames being optimized, inline caches.
        expect(await held(references)).toBeLessThan(40);
      },
      { backend },
    );
  });

  test("1,000 tasks of a long-lived group", async () => {
    await run(
      () =>
        taskGroup(async (tg) => {
          const references: WeakRef<object>[] = [];
          for (let i = 0; i < 1_000; i++) {
            const handle = tg.startSoon(async () => {
              await checkpoint();
            });
            references.push(new WeakRef(handle), new WeakRef(handle.scope));
            if (i % 3 === 0) handle.cancel();
          }
          await waitAllTasksBlocked();
          // V8 may hold on to a few whatever we do: frames being optimized, inline caches.
          expect(await held(references)).toBeLessThan(40);
        }),
      { backend },
    );
  });

  test("T18: what a task's function closes over, although its handle is held", async () => {
    await run(
      () =>
        taskGroup(async (tg) => {
          const start = (fails: boolean): [TaskHandle, WeakRef<object>] => {
            const closedOver = payload();
            const handle = tg.startSoon(async () => {
              await checkpoint();
              if (fails) await cancelScope((scope) => scope.cancel());
              return closedOver.bytes.length;
            });
            return [handle, new WeakRef(closedOver)];
          };
          const [handle, reference] = start(false);
          await handle.wait();
          expect(await isCollected(reference)).toBe(true);
          expect(handle.returnValue).toBe(64);
        }),
      { backend },
    );
  });

  test("T18: what a function given to start() closes over, although its handle is held", async () => {
    await run(
      () =>
        taskGroup(async (tg) => {
          const start = async (): Promise<[TaskHandle, WeakRef<object>]> => {
            const closedOver = payload();
            const handle = await tg.start(
              async (status) => {
                status.started(closedOver.bytes.length);
                await checkpoint();
              },
              { returnHandle: true },
            );
            expect(handle.startValue).toBe(64);
            return [handle, new WeakRef(closedOver)];
          };
          const [handle, reference] = await start();
          await handle.wait();
          expect(await isCollected(reference)).toBe(true);
          expect(handle.state).toBe("finished");
        }),
      { backend },
    );
  });

  test("a task's value, once nobody holds its handle", async () => {
    await run(
      () =>
        taskGroup(async (tg) => {
          const start = async (): Promise<WeakRef<object>> => {
            const handle = tg.startSoon(() => payload());
            await handle.wait();
            return new WeakRef(handle.returnValue);
          };
          expect(await isCollected(await start())).toBe(true);
        }),
      { backend },
    );
  });

  test("a run and its result", async () => {
    const work = async (): Promise<WeakRef<object>> =>
      new WeakRef(await run(async () => payload(), { backend }));
    expect(await isCollected(await work())).toBe(true);
  });

  test("a run's root scope, although the backend and its engine live on", async () => {
    let reference: WeakRef<object> | undefined;
    await run(
      async () => {
        const scope = new CancelScope();
        reference = new WeakRef(scope);
        await scope.run(() => sleep(0));
      },
      { backend },
    );
    expect(await isCollected(reference as unknown as WeakRef<object>)).toBe(true);
  });

  test("a cancelled waiter of an event that is never set, with all it would have resumed", async () => {
    const event = new Event();
    const wait = async (): Promise<WeakRef<object>> => {
      const closedOver = payload();
      await cancelScope(async (scope) => {
        const waiting = event.wait().then(() => closedOver);
        scope.cancel();
        await waiting;
      });
      return new WeakRef(closedOver);
    };
    const reference = await run(wait, { backend });
    expect(await isCollected(reference)).toBe(true);
    expect(event.statistics().tasksWaiting).toBe(0);
  });

  test("C24: a wait outside every scope, once nobody can end it any more", async () => {
    installBackends(backend, () => Promise.resolve(backend));
    let reference: WeakRef<object> | undefined;
    (() => {
      const kept = payload();
      reference = new WeakRef(kept);
      void new Event().wait().then(() => kept);
    })();
    expect(await isCollected(reference as unknown as WeakRef<object>)).toBe(true);
  });

  test("an abandoned wait's scope, although the foreign promise never settles", async () => {
    const never = new Promise<never>(() => {});
    let reference: WeakRef<object> | undefined;
    await run(
      () =>
        cancelScope(async (scope) => {
          reference = new WeakRef(scope);
          const wait = cancellable(never);
          scope.cancel();
          await wait;
        }),
      { backend },
    );
    expect(await isCollected(reference as unknown as WeakRef<object>)).toBe(true);
    expect(never).toBeInstanceOf(Promise);
  });

  test("a scope whose signal a listener was added to, once the signal is let go of", async () => {
    let scopeReference: WeakRef<object> | undefined;
    let listenerReference: WeakRef<object> | undefined;
    await run(
      async () => {
        await cancelScope(async (scope) => {
          const listener = (): void => scope.cancel();
          scope.signal.addEventListener("abort", listener);
          scopeReference = new WeakRef(scope);
          listenerReference = new WeakRef(listener);
          await checkpoint();
        });
        expect(await isCollected(scopeReference as unknown as WeakRef<object>)).toBe(true);
        expect(await isCollected(listenerReference as unknown as WeakRef<object>)).toBe(true);
      },
      { backend },
    );
  });

  test("the value of a ContextVar, after its run()", async () => {
    const variable = new ContextVar<object>("variable");
    const use = async (): Promise<WeakRef<object>> => {
      const value = payload();
      await variable.run(value, () => checkpoint());
      return new WeakRef(value);
    };
    expect(await run(async () => isCollected(await use()), { backend })).toBe(true);
  });
});

describe("timers", () => {
  test("a cancelled sleep leaves none, nor its caller's closures", async () => {
    const { backend, counts } = counted(promiseBackend());
    const wait = async (): Promise<WeakRef<object>> => {
      const closedOver = payload();
      await cancelScope(async (scope) => {
        const sleeping = sleep(far).finally(() => closedOver.bytes.length);
        scope.cancel();
        await sleeping;
      });
      return new WeakRef(closedOver);
    };
    const reference = await run(wait, { backend });
    await turn();
    expect(counts.timersAlive).toBe(0);
    expect(await isCollected(reference)).toBe(true);
  });

  test("a deadline that never passed leaves none, nor its scope, while another one is armed", async () => {
    const { backend, counts } = counted(promiseBackend());
    await run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(() => sleep(far));
          await waitAllTasksBlocked();
          let reference: WeakRef<object> | undefined;
          await moveOnAfter(far / 2, async (scope) => {
            reference = new WeakRef(scope);
            await checkpoint();
          });
          expect(await isCollected(reference as unknown as WeakRef<object>)).toBe(true);
          tg.cancel();
        }),
      { backend },
    );
    await turn();
    expect(counts.timersAlive).toBe(0);
  });

  test("the armed one does not keep the context of whoever armed it", async () => {
    const storage = new AsyncLocalStorage<object>();
    // The core alone: what a backend's timer keeps of its caller is the backend's.
    const timers = new Set<() => void>();
    const backend: Backend = {
      ...promiseBackend(),
      setTimer(_delayMs, callback) {
        const seen = storage.getStore();
        expect(seen, "the context in which the core arms its timer").toBeUndefined();
        timers.add(callback);
        return { cancel: () => void timers.delete(callback) };
      },
    };
    await run(
      () =>
        taskGroup(async (tg) => {
          const arm = (): WeakRef<object> => {
            const store = payload();
            storage.run(store, () => {
              void cancelScope((scope) => {
                scope.deadline = performance.now() + far;
              });
              tg.startSoon(() => moveOnAfter(far, () => checkpoint()));
            });
            return new WeakRef(store);
          };
          const reference = arm();
          await waitAllTasksBlocked();
          await cancelScope(
            async () => {
              expect(timers.size).toBe(1);
              expect(await isCollected(reference)).toBe(true);
            },
            { deadline: performance.now() + far },
          );
        }),
      { backend },
    );
  });

  test("the armed one of the promise backend does not keep the context of whoever armed it", async () => {
    const storage = new AsyncLocalStorage<object>();
    await run(
      () =>
        taskGroup(async (tg) => {
          const arm = (): WeakRef<object> => {
            const store = payload();
            // It stays the earliest, so the host timer armed here stays armed.
            storage.run(store, () => {
              tg.scope.deadline = performance.now() + far;
            });
            return new WeakRef(store);
          };
          const reference = arm();
          expect(await isCollected(reference)).toBe(true);
          tg.scope.deadline = Infinity;
        }),
      { backend: promiseBackend() },
    );
  });
});

describe("listeners of run()", () => {
  const backend = promiseBackend();
  const listening = (): number =>
    process.listenerCount("SIGUSR2") + process.listenerCount("SIGHUP");
  const signals = ["SIGUSR2", "SIGHUP"];

  const mains: readonly { how: string; main: () => unknown; backend?: Backend }[] = [
    { how: "returns", main: () => 1 },
    { how: "throws", main: () => Promise.reject(new Error("boom")) },
    {
      how: "throws before it waits",
      main: () => {
        throw new Error("boom");
      },
    },
    {
      how: "never runs, because its backend cannot",
      main: () => 1,
      backend: {
        ...backend,
        run: () => Promise.reject(new Error("this backend cannot run")),
      },
    },
  ];

  test.each(mains)("are gone when main $how", async ({ main, backend: own = backend }) => {
    const controller = new AbortController();
    const before = listening();
    await run(main, { backend: own, signal: controller.signal, signals }).catch(() => {});
    expect(listening()).toBe(before);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("are gone when the signal cancelled the run", async () => {
    const controller = new AbortController();
    const before = listening();
    const work = run(
      async () => {
        expect(listening()).toBe(before + 2);
        controller.abort("enough");
        await sleepForever();
      },
      { backend, signal: controller.signal, signals },
    );
    await expect(work).rejects.toMatchObject({ code: "ERR_SCOPE_CANCELLED", reason: "enough" });
    expect(listening()).toBe(before);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  test("are gone when a name in signals is unknown, or cannot be caught", async () => {
    const before = listening();
    const controller = new AbortController();
    for (const wrong of ["SIGFOO", "SIGKILL"]) {
      const work = run(() => 1, {
        backend,
        signal: controller.signal,
        signals: [...signals, wrong],
      });
      await expect(work).rejects.toThrow(RangeError);
    }
    expect(listening()).toBe(before);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});

describe("a task that the backend never starts", () => {
  test("leaves neither task nor scope behind", async () => {
    const inner = promiseBackend();
    let refused: HostedTask | undefined;
    const { backend, counts } = counted({
      ...inner,
      spawn(task) {
        refused = task;
        throw new Error("no more tasks");
      },
    });
    await run(
      () =>
        taskGroup(async (tg) => {
          expect(() => tg.startSoon(() => sleepForever())).toThrow("no more tasks");
          const starting = tg.start(() => sleepForever());
          await expect(starting).rejects.toThrow("no more tasks");
        }),
      { backend },
    );
    expect(refused?.name).toBeDefined();
    expect(counts.settled).toBe(1);
  });
});
