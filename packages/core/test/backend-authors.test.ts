import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Backend,
  cancelScope,
  checkpoint,
  type CoreState,
  currentTask,
  Event,
  type HostedTask,
  Lock,
  type Outcome,
  run,
  runningTasks,
  ScopeCancelledError,
  sleep,
  sleepForever,
  sleepUntil,
  taskGroup,
  UsageError,
  waitAllTasksBlocked,
  withVirtualClock,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { describe, expect, test } from "vitest";

const inner = promiseBackend();
const settle = (task: HostedTask): Promise<void> =>
  task.run().then((outcome) => task.settled(outcome));

const storage = new AsyncLocalStorage<string>();
const fromStart = storage.run("the host's", () => AsyncLocalStorage.snapshot());

const starts: readonly { when: string; spawn: (task: HostedTask) => void }[] = [
  { when: "within spawn()", spawn: (task) => void settle(task) },
  { when: "a microtask later", spawn: (task) => queueMicrotask(() => void settle(task)) },
  { when: "a turn later", spawn: (task) => setImmediate(() => void settle(task)) },
  {
    when: "within spawn(), in a context of the host's",
    spawn: (task) => fromStart(() => void settle(task)),
  },
  {
    when: "a turn later, in a context of the host's",
    spawn: (task) => setImmediate(() => fromStart(() => void settle(task))),
  },
];

describe.each(starts)("a backend that starts a task $when", ({ spawn }) => {
  const backend: Backend = { ...inner, spawn };

  test("T3: has it begin in the context of the startSoon call and in the group's scope", async () => {
    await run(
      () =>
        taskGroup(async (tg) => {
          const began: string[] = [];
          const handle = storage.run("the caller's", () =>
            cancelScope(() =>
              tg.startSoon(() => [storage.getStore(), currentTask().name], { name: "one" }),
            ),
          );
          began.push("called");
          expect(await (await handle)?.result()).toEqual(["the caller's", "one"]);
          expect(began).toEqual(["called"]);
        }),
      { backend },
    );
  });

  test("has it wait, fail and be cancelled like any other", async () => {
    const boom = new Error("boom");
    const work = run(
      () =>
        taskGroup((tg) => {
          tg.startSoon(() => sleepForever());
          tg.startSoon(async () => {
            await sleep(1);
            throw boom;
          });
        }),
      { backend: withVirtualClock(backend) },
    );
    await expect(work).rejects.toMatchObject({ errors: [boom] });
  });
});

test("T8: a task may return a promise that is not of the language's own class", async () => {
  const thenable: PromiseLike<number> = {
    then: (onValue) => Promise.resolve(5).then(onValue),
  };
  const value = await run(() => taskGroup((tg) => tg.startSoon(() => thenable).result()), {
    backend: inner,
  });
  expect(value).toBe(5);
});

describe("a backend", () => {
  test("that starts a task twice starts it once", async () => {
    let times = 0;
    let core: CoreState | undefined;
    const backend: Backend = {
      ...inner,
      bind: (state) => void (core = state),
      spawn(task) {
        void task.run();
        void settle(task);
      },
    };
    await run(
      () =>
        taskGroup((tg) => {
          tg.startSoon(() => times++);
        }),
      { backend },
    );
    expect(times).toBe(1);
    expect(core?.runnable).toBe(0);
  });

  test("that says otherwise than the body how a task has ended is not believed", async () => {
    const backend: Backend = {
      ...inner,
      spawn(task) {
        const refusal: Outcome = { tag: "failed", error: new Error("the host says no") };
        void task.run().then(() => task.settled(refusal));
      },
    };
    const main = () => taskGroup((tg) => tg.startSoon(() => "the body's").result());
    expect(await run(main, { backend })).toBe("the body's");
  });

  test("that settles a task twice ends it once", async () => {
    const backend: Backend = {
      ...inner,
      spawn(task) {
        void task.run().then((outcome) => {
          task.settled(outcome);
          task.settled({ tag: "failed", error: new Error("second thoughts") });
        });
      },
    };
    const value = await run(
      () =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(() => "once");
          await handle.wait();
          return handle.returnValue;
        }),
      { backend },
    );
    expect(value).toBe("once");
  });

  test("that settles a task without starting it leaves it no scope that is open", async () => {
    const backend: Backend = {
      ...inner,
      spawn: (task) =>
        queueMicrotask(() => task.settled({ tag: "cancelled", error: new Error("gone") })),
    };
    const handle = await run(() => taskGroup((tg) => tg.startSoon(() => sleepForever())), {
      backend,
    });
    handle?.cancel();
    expect(handle?.scope.cancelCalled).toBe(false);
    expect(handle?.scope.cancelled).toBe(false);
  });

  test("that settles a task without starting it says how it ended", async () => {
    const refusal = new Error("no room");
    const backend: Backend = {
      ...inner,
      spawn: (task) => queueMicrotask(() => task.settled({ tag: "failed", error: refusal })),
    };
    let began = false;
    const work = run(
      () =>
        taskGroup((tg) => {
          tg.startSoon(() => {
            began = true;
          });
        }),
      { backend },
    );
    await expect(work).rejects.toMatchObject({ errors: [refusal] });
    expect(began).toBe(false);
  });

  test("that starts a task after having settled it does not run it", async () => {
    let began = false;
    const backend: Backend = {
      ...inner,
      spawn(task) {
        queueMicrotask(() => {
          task.settled({ tag: "ok", value: "without a body" });
          void task.run();
        });
      },
    };
    const value = await run(
      () =>
        taskGroup((tg) =>
          tg
            .startSoon(() => {
              began = true;
            })
            .result(),
        ),
      { backend },
    );
    expect(value).toBe("without a body");
    await new Promise((resolve) => setImmediate(resolve));
    expect(began).toBe(false);
  });

  test("that settles a task which still waits leaves nothing counted as running, and nothing less", async () => {
    let core: CoreState | undefined;
    let idle = 0;
    const backend: Backend = {
      ...inner,
      bind: (state) => (core = state),
      idle: () => idle++,
      spawn(task) {
        void task.run();
        setImmediate(() => task.settled({ tag: "ok", value: "early" }));
      },
    };
    const startsOne = () => taskGroup((tg) => void tg.startSoon(() => sleepForever()));
    for (const runs of [1, 2]) {
      await run(startsOne, { backend });
      expect(core?.runnable).toBe(0);
      // When main waits for the group and its task waits; after that when main has ended.
      expect(idle).toBe(2 * runs);
    }
  });

  test("that settles a task which is still running ends its scope: what goes on is told so", async () => {
    let late: unknown;
    let told: () => void = () => {};
    const heard = new Promise<void>((resolve) => (told = resolve));
    let goOn: () => void = () => {};
    const settled = new Promise<void>((resolve) => (goOn = resolve));
    const backend: Backend = {
      ...inner,
      spawn(task) {
        void task.run();
        setImmediate(() => {
          task.settled({ tag: "ok", value: "early" });
          goOn();
        });
      },
    };
    const handle = await run(
      () =>
        taskGroup((tg) =>
          tg.startSoon(async () => {
            await settled;
            await checkpoint().catch((error: unknown) => {
              late = error;
            });
            setImmediate(told);
            return "late";
          }),
        ),
      { backend },
    );
    await heard;
    expect(handle?.returnValue).toBe("early");
    expect(late).toMatchObject({ code: "ERR_SCOPE_CLOSED" });
  });

  test("whose run() resolves before the root task has settled is told so", async () => {
    const backend: Backend = { ...inner, run: () => Promise.resolve() };
    await expect(run(() => sleepForever(), { backend })).rejects.toThrow(UsageError);
  });

  test("whose run() rejects leaves no task behind", async () => {
    const broken = new Error("no host");
    const backend: Backend = { ...inner, run: () => Promise.reject(broken) };
    await expect(run(() => 1, { backend })).rejects.toBe(broken);
  });

  test("whose run() rejects after the task has ended still rejects", async () => {
    const broken = new Error("no host");
    const backend: Backend = {
      ...inner,
      run: async (task) => {
        await settle(task);
        throw broken;
      },
    };
    await expect(run(() => 1, { backend })).rejects.toBe(broken);
  });

  test("may cancel a root task, with a reason", async () => {
    const backend: Backend = {
      ...inner,
      run(task) {
        setImmediate(() => task.cancel("the host stops"));
        return settle(task);
      },
    };
    const error: unknown = await run(() => sleepForever(), { backend }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(ScopeCancelledError);
    expect((error as ScopeCancelledError).reason).toBe("the host stops");
  });

  test("that takes wake-ups decides their order", async () => {
    const held: (() => void)[] = [];
    const reasons: string[] = [];
    const backend: Backend = {
      ...inner,
      wake(_host, resume, why) {
        reasons.push(why);
        held.push(resume);
        // The latest first.
        setImmediate(() => held.pop()?.());
      },
    };
    const order: number[] = [];
    await run(
      () =>
        taskGroup((tg) => {
          for (const place of [1, 2, 3]) {
            tg.startSoon(async () => {
              await sleep(1);
              order.push(place);
            });
          }
        }),
      { backend: withVirtualClock(backend) },
    );
    expect(order).toEqual([3, 2, 1]);
    expect(reasons.slice(0, 3)).toEqual(["timer", "timer", "timer"]);
  });

  test("whose wake() throws once loses no other resumption of the same turn", async () => {
    const thrown: unknown[] = [];
    let late = false;
    const backend: Backend = {
      ...inner,
      reschedule(callback) {
        const guarded = (): void => {
          try {
            callback();
          } catch (error) {
            thrown.push(error);
          }
        };
        inner.reschedule(guarded, undefined);
      },
      wake(_host, resume) {
        resume();
        if (late && thrown.length === 0) throw new Error("hiccup");
      },
    };
    let ended = 0;
    const event = new Event();
    const waits = async (): Promise<void> => {
      await event.wait();
      ended++;
    };
    const main = (): Promise<unknown> =>
      taskGroup(async (tg) => {
        for (let index = 0; index < 500; index++) tg.startSoon(waits);
        await waitAllTasksBlocked();
        for (let step = 0; step < 20; step++) await checkpoint();
        // Overdue by now: of those that are resumed here some wait for the next turn.
        const end = performance.now() + 20;
        while (performance.now() < end);
        event.set();
        late = true;
      });
    await run(main, { backend });
    expect(ended).toBe(500);
    expect(thrown).toHaveLength(1);
  });

  test("B2: of an inner run may be another one, whose tasks are its own", async () => {
    const other: Backend = { ...inner, name: "other" };
    await run(
      async () => {
        const names = await run(() => runningTasks().map(({ name }) => name), {
          backend: other,
          name: "inside",
        });
        expect(names).toEqual(["inside"]);
        const value = await cancelScope((scope) => {
          setImmediate(() => scope.cancel());
          return run(() => sleepForever(), { backend: other });
        });
        expect(value).toBeUndefined();
      },
      { backend: inner },
    );
  });
});

test("a backend that is asked for the order of resumptions hears what each task has waited for", async () => {
  const heard: string[] = [];
  const backend: Backend = {
    ...inner,
    wake(_host, resume, why, waited) {
      // A checkpoint that gives way to the event loop, which a busy machine has it do, waits for nothing.
      if (why !== "value" || waited !== undefined)
        heard.push(`${why}: ${waited?.describe() ?? "nothing in particular"}`);
      resume();
    },
  };
  const program = async (): Promise<void> => {
    const lock = new Lock({ name: "db" });
    const lease = await lock.acquire();
    await taskGroup(async (tg) => {
      const patient = tg.startSoon(() => lock.use(() => {}), { name: "patient" });
      const impatient = tg.startSoon(() => lock.use(() => {}), { name: "impatient" });
      await sleep(1);
      impatient.cancel();
      lease.release();
      await patient.wait();
      const sleeper = tg.startSoon(() => sleepUntil(1e9));
      await waitAllTasksBlocked();
      sleeper.cancel();
    });
  };
  await run(program, { backend });
  // What waitAllTasksBlocked() waited for has a queue without a name.
  expect(heard.filter((what) => what !== "value: nothing in particular")).toEqual([
    "timer: nothing in particular",
    'cancel: Lock "db" held by task "program"',
    'value: Lock "db" held by task "patient"',
    'value: the end of task "patient"',
    "cancel: the instant 1000000000",
  ]);
});

test("a backend is told of a checkpoint before it has decided anything, and what it cancels then takes effect at once", async () => {
  const hosts: HostedTask[] = [];
  let told = 0;
  const backend: Backend = {
    ...inner,
    run(task) {
      task.attach(task);
      return settle(task);
    },
    checkpoint(host) {
      hosts.push(host as HostedTask);
      if (++told === 2) hosts[1]?.cancel("enough");
    },
  };
  const passed: number[] = [];
  const program = async (): Promise<void> => {
    const lock = new Lock();
    for (let round = 1; round <= 3; round++) {
      await lock.use(() => {});
      passed.push(round);
    }
  };
  await expect(run(program, { backend })).rejects.toThrow(ScopeCancelledError);
  expect(passed).toEqual([1]);
  expect(hosts.map(({ name }) => name)).toEqual(["program", "program"]);
});
