import {
  cancellable,
  CancelScope,
  cancelScope,
  checkpoint,
  currentEffectiveDeadline,
  currentScope,
  currentTask,
  detached,
  failAfter,
  installBackends,
  isCancelled,
  moveOnAfter,
  now,
  run,
  runningTasks,
  ScopeClosedError,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  type TaskGroup,
  throwIfCancelled,
  UsageError,
  waitAllTasksBlocked,
  withVirtualClock,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { virtual, withVirtualTime } from "@anywhen/testing";
import { describe, expect, test } from "vitest";
import { counted } from "./counted-backend.ts";

const backend = promiseBackend();
// C24: code outside every run is on the default backend, which "anywhen" brings and the core alone has not.
installBackends(backend, () => Promise.resolve(backend));
const inRun = <T>(main: () => T | PromiseLike<T>): Promise<T> => run(main, { backend });

async function failureOf(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

describe("a shield that goes up while a Cancelled is on its way out", () => {
  test("C14: does not make a bug of it at the edge of a task", async () => {
    const outer = new CancelScope();
    const work = inRun(() =>
      outer.run(() =>
        cancelScope((inner) =>
          taskGroup(async (tg) => {
            tg.startSoon(() => sleepForever().finally(() => (inner.shield = true)));
            await waitAllTasksBlocked();
            outer.cancel();
          }),
        ),
      ),
    );
    await expect(work).resolves.toBeUndefined();
  });

  test("C14: does not make a bug of it at the edge of a group", async () => {
    const outer = new CancelScope();
    const work = inRun(() =>
      outer.run(() =>
        cancelScope((inner) =>
          taskGroup(() => {
            outer.cancel();
            return checkpoint().finally(() => (inner.shield = true));
          }),
        ),
      ),
    );
    await expect(work).resolves.toBeUndefined();
    expect(outer.cancelledCaught).toBe(true);
  });

  test("C4: lets it through a plain scope to the one that is cancelled", async () => {
    const outer = new CancelScope();
    await inRun(() =>
      outer.run(() =>
        cancelScope((inner) => {
          outer.cancel();
          return checkpoint().finally(() => (inner.shield = true));
        }),
      ),
    );
    expect(outer.cancelledCaught).toBe(true);
  });
});

describe("work that outlives its scope", () => {
  /** Code that goes on in a scope which has ended. */
  async function afterItsScope<T>(body: () => T): Promise<T> {
    let go: () => void = () => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    let late: Promise<T> | undefined;
    await cancelScope(
      () => {
        late = gate.then(body);
      },
      { name: "gone" },
    );
    go();
    return await (late as Promise<T>);
  }

  const calls: readonly { name: string; call: () => unknown }[] = [
    { name: "checkpoint()", call: () => checkpoint() },
    { name: "sleep(5)", call: () => sleep(5) },
    { name: "throwIfCancelled()", call: () => throwIfCancelled() },
    { name: "waitAllTasksBlocked()", call: () => waitAllTasksBlocked() },
    { name: "a checkpoint in a scope of its own", call: () => cancelScope(() => checkpoint()) },
    {
      name: "a checkpoint in a scope in a scope of its own",
      call: () => cancelScope(() => cancelScope(() => checkpoint())),
    },
    { name: "a shielded checkpoint", call: () => shield(() => checkpoint()) },
    { name: "cancellable()", call: () => cancellable(Promise.resolve(1)) },
  ];

  test.each(calls)("C22: is told so by $name", async ({ call }) => {
    const error = await inRun(() => failureOf(afterItsScope(call)));
    expect(error).toBeInstanceOf(ScopeClosedError);
    expect((error as ScopeClosedError).message).toMatch(
      /scope "gone", which has ended.*detached\(fn\)/,
    );
  });

  test("C22: is told so when it waits while the scope ends", async () => {
    await inRun(async () => {
      let wait: Promise<unknown> | undefined;
      await cancelScope(() => {
        wait = failureOf(sleepForever());
      });
      expect(await wait).toBeInstanceOf(ScopeClosedError);
    });
  });

  test("C22: is told which scope has ended, also in scopes inside it", async () => {
    await inRun(async () => {
      let wait: Promise<unknown> | undefined;
      const inner = (): Promise<unknown> => cancelScope(() => sleepForever(), { name: "inner" });
      await cancelScope(
        () => {
          wait = failureOf(inner());
        },
        { name: "gone" },
      );
      expect(((await wait) as Error).message).toContain('in scope "gone", which has ended');
    });
  });

  test("C22: is not told so if it was detached", async () => {
    await inRun(async () => {
      let ended = false;
      let work: Promise<void> | undefined;
      const pool = virtual();
      await cancelScope((scope) => {
        scope.cancel();
        work = detached(() => run(() => sleep(1), { backend: pool })).then(() => {
          ended = true;
        });
      });
      await work;
      expect(ended).toBe(true);
    });
  });

  test("moving the deadline or the shield of a scope that has ended does nothing", async () => {
    await inRun(async () => {
      const scope = new CancelScope();
      await scope.run(() => checkpoint());
      scope.deadline = 0;
      scope.shield = true;
      scope.shield = true;
      scope.cancel();
      expect([scope.cancelCalled, scope.cancelled]).toEqual([false, false]);
    });
  });
});

describe("before it is run", () => {
  test("C7, C8: a scope takes a deadline and a cancellation, which count from entering", async () => {
    await inRun(async () => {
      const late = new CancelScope();
      late.deadline = performance.now() - 1;
      expect(late.cancelCalled).toBe(false);
      expect(await late.run(() => checkpoint().then(() => "late"))).toBeUndefined();
      expect(late.cancelReason).toMatchObject({ code: "ERR_TIMEOUT" });
      const stopped = new CancelScope({ name: "stopped" });
      expect(stopped.signal.aborted).toBe(false);
      stopped.cancel("no");
      expect(await stopped.run((scope) => scope.signal.aborted)).toBe(true);
    });
  });
});

describe("a blocked event loop", () => {
  function block(ms: number): void {
    const end = performance.now() + ms;
    while (performance.now() < end);
  }

  test("C8: does not hide a deadline from what reads the clock, and the earliest one absorbs", async () => {
    await inRun(async () => {
      const outer = new CancelScope({ deadline: performance.now() + 3 });
      const value = await outer.run(async (early) => {
        await cancelScope(
          async (scope) => {
            block(6);
            expect(scope.cancelled).toBe(true);
            expect(early.cancelCalled).toBe(true);
            expect(currentEffectiveDeadline()).toBe(-Infinity);
            throwIfCancelled();
          },
          { deadline: performance.now() + 4 },
        );
        return "passed";
      });
      expect(value).toBeUndefined();
    });
  });

  test("C8: does not undo that an abort listener gave a scope inside more time", async () => {
    await inRun(async () => {
      const outer = new CancelScope({ deadline: performance.now() + 2 });
      const inner = new CancelScope({ deadline: performance.now() + 4 });
      await outer.run(() =>
        inner.run(() => {
          outer.signal.addEventListener("abort", () => (inner.deadline += 60_000));
          block(6);
          expect(inner.cancelled).toBe(true);
          expect([outer.cancelCalled, inner.cancelCalled]).toEqual([true, false]);
        }),
      );
    });
  });

  test("C8: arms no timer for a deadline that a cancelled scope is given", async () => {
    const { backend, counts } = counted(promiseBackend());
    const main = async (): Promise<void> => {
      const early = new CancelScope({ deadline: now() + 60_000 });
      early.cancel();
      await early.run(async (scope) => {
        scope.deadline += 60_000;
        await checkpoint();
      });
    };
    await run(main, { backend });
    expect(counts.timersSet).toBe(0);
  });

  test("C8, C11: does not make a shielded scope catch up with the outside", async () => {
    await inRun(async () => {
      const outer = new CancelScope({ deadline: performance.now() + 2 });
      await outer.run(async () => {
        await shield(
          (scope) => {
            block(4);
            throwIfCancelled();
            expect(scope.cancelled).toBe(false);
          },
          { timeout: 60_000 },
        );
        expect(() => throwIfCancelled()).toThrow();
        await checkpoint();
      });
      expect(outer.cancelledCaught).toBe(true);
    });
  });

  test("C8, C11: does not hide the deadline of a shielded scope, nor blame the outside for it", async () => {
    await inRun(() =>
      cancelScope(
        async (outer) => {
          const work = shield(
            (scope) => {
              block(4);
              expect(scope.cancelled).toBe(true);
              expect(outer.cancelCalled).toBe(false);
              throwIfCancelled();
            },
            { timeout: 2 },
          );
          await expect(work).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
        },
        { deadline: performance.now() + 60_000 },
      ),
    );
  });
});

describe("cancellable(work, { onCancel: 'wait' })", () => {
  test("has the value of a promise that nothing cancelled", async () => {
    const value = await inRun(() => cancellable(() => Promise.resolve(5), { onCancel: "wait" }));
    expect(value).toBe(5);
  });

  test("throws the error of a promise that nothing cancelled", async () => {
    const boom = new Error("boom");
    const work = inRun(() => cancellable(() => Promise.reject(boom), { onCancel: "wait" }));
    expect(await failureOf(work)).toBe(boom);
  });

  test("is told when its scope ends under it", async () => {
    await inRun(async () => {
      let wait: Promise<unknown> | undefined;
      await cancelScope(() => {
        const never = new Promise<never>(() => {});
        wait = failureOf(cancellable(never, { onCancel: "wait" }));
      });
      expect(await wait).toBeInstanceOf(ScopeClosedError);
    });
  });

  test("of a promise that fails after the call was refused raises no unhandled rejection", async () => {
    await inRun(() =>
      cancelScope(async (scope) => {
        scope.cancel();
        const late = sleep(0).catch(() => Promise.reject(new Error("late")));
        expect(isCancelled(await failureOf(cancellable(late)))).toBe(true);
      }),
    );
  });
});

test("C18: a signal aborts with the Cancelled, although another one's listener shields its scope meanwhile", async () => {
  await inRun(() =>
    cancelScope(async (outer) => {
      const one = new CancelScope();
      const two = new CancelScope({ deadline: now() + 60_000 });
      await one.run(() =>
        two.run(async () => {
          one.signal.addEventListener("abort", () => (two.shield = true));
          const { signal } = two;
          outer.cancel();
          expect(signal.aborted).toBe(true);
          expect(isCancelled(signal.reason)).toBe(true);
        }),
      );
    }),
  );
});

test("C17, C18: a signal aborts with what the waits throw, although another one's listener cancels its scope meanwhile", async () => {
  await inRun(() =>
    cancelScope(async (outer) => {
      const one = new CancelScope();
      const two = new CancelScope();
      await one.run(() =>
        two.run(async () => {
          one.signal.addEventListener("abort", () => two.cancel("own"));
          const { signal } = two;
          const thrown = failureOf(sleepForever());
          outer.cancel("outer");
          expect(signal.reason).toBe(await thrown);
          expect(signal.reason).toHaveProperty("reason", "outer");
        }),
      );
    }),
  );
});

test("C10: a deadline around a run on another backend is told by that one's clock", async () => {
  const outer = withVirtualClock(promiseBackend());
  const inner = withVirtualClock(promiseBackend(), { start: 1_000 });
  const deadlines = await run(
    () =>
      moveOnAfter(50, () =>
        run(() => cancelScope(() => [now(), currentEffectiveDeadline()]), { backend: inner }),
      ),
    { backend: outer },
  );
  expect(deadlines).toEqual([1_000, 1_050]);
});

describe("outside every task", () => {
  test("there is no current task and no scope, and nothing runs", () => {
    expect(() => currentTask()).toThrow(UsageError);
    expect(currentScope()).toBeUndefined();
    expect(() => throwIfCancelled()).not.toThrow();
  });

  test("C24: tasks are listed and waited for, too", async () => {
    expect(runningTasks()).toEqual([]);
    await taskGroup(async (tg) => {
      tg.startSoon(() => sleepForever(), { name: "outside" });
      await waitAllTasksBlocked();
      expect(runningTasks()).toMatchObject([{ name: "outside", parentId: undefined }]);
      tg.cancel();
    });
    await waitAllTasksBlocked();
    expect(runningTasks()).toEqual([]);
  });

  test("start() can be called by code that stands outside the group", async () => {
    await inRun(() =>
      taskGroup(async (tg: TaskGroup) => {
        const port = await detached(() =>
          tg.start<number, void>(async (status) => {
            status.started(80);
            await checkpoint();
          }),
        ).catch((error: unknown) => error);
        expect(port).toBe(80);
      }),
    );
  });
});

describe("waitAllTasksBlocked", () => {
  test("is refused in a cancelled scope, and leaves when it is cancelled", async () => {
    await inRun(() =>
      taskGroup(async (tg) => {
        await cancelScope(async (scope) => {
          scope.cancel();
          expect(isCancelled(await failureOf(waitAllTasksBlocked()))).toBe(true);
        });
        let stop: () => void = () => {};
        tg.startSoon(() => new Promise<void>((resolve) => (stop = resolve)));
        await checkpoint();
        await cancelScope(async (scope) => {
          const wait = failureOf(waitAllTasksBlocked());
          scope.cancel();
          expect(isCancelled(await wait)).toBe(true);
        });
        stop();
      }),
    );
  });

  test("holds a virtual clock still", async () => {
    await withVirtualTime(() =>
      taskGroup(async (tg) => {
        let woke = false;
        tg.startSoon(async () => {
          await sleep(1);
          woke = true;
        });
        await waitAllTasksBlocked();
        expect(woke).toBe(false);
        expect(runningTasks()).toHaveLength(2);
      }),
    );
  });
});

describe("failAfter", () => {
  test("C12: names its scope, its time or the reason that it was given", async () => {
    const late = (): Promise<never> => sleepForever();
    const messageOf = async (work: () => Promise<unknown>): Promise<string> =>
      ((await failureOf(withVirtualTime(work))) as Error).message;
    expect(await messageOf(() => failAfter(50, late))).toBe("the operation timed out after 50 ms");
    expect(await messageOf(() => failAfter(50, late, { name: "login" }))).toBe(
      'scope "login" timed out after 50 ms',
    );
    expect(await messageOf(() => failAfter(50, late, { reason: "no answer" }))).toBe("no answer");
    const sooner = (scope: CancelScope): Promise<never> => {
      scope.deadline -= 40;
      return sleepForever();
    };
    expect(await messageOf(() => failAfter(50, sooner))).toBe(
      "the operation did not end by its deadline",
    );
  });
});
