import { AsyncLocalStorage } from "node:async_hooks";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  currentHost,
  Event,
  run,
  ScopeCancelledError,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import {
  Cause,
  Context,
  Effect,
  Exit,
  Fiber,
  Layer,
  ManagedRuntime,
  Metric,
  Scope,
  Tracer,
} from "effect";
import { expect, test } from "vitest";
import { effectBackend, fromEffect, type TaskFiber, TaskName } from "../src/index.ts";

const backend = effectBackend();

function ownFiber(): TaskFiber {
  return currentHost() as TaskFiber;
}

/** Starts a run and hands out its root fiber. */
async function startRoot(main: () => Promise<unknown>, options = {}) {
  let result: Promise<unknown> | undefined;
  const fiber = await new Promise<TaskFiber>((begun) => {
    const rooted = (): Promise<unknown> => {
      begun(ownFiber());
      return main();
    };
    result = run(rooted, { backend: effectBackend(options) }).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  });
  return { fiber, result };
}

const interrupt = (fiber: TaskFiber): Promise<void> => Effect.runPromise(Fiber.interrupt(fiber));

async function unwinding(log: string[], name: string): Promise<void> {
  try {
    await sleepForever();
  } finally {
    await shield(() => sleep(5));
    log.push(name);
  }
}

test("each task is a fiber of its own, which bears the task's name", async () => {
  await run(
    () =>
      taskGroup(async (tg) => {
        const seen: TaskFiber[] = [ownFiber()];
        for (const name of ["one", "two"]) {
          const handle = tg.startSoon(async () => void seen.push(ownFiber()), { name });
          await handle.wait();
        }
        expect(seen.every(Fiber.isFiber)).toBe(true);
        expect(new Set(seen.map((fiber) => fiber.id)).size).toBe(3);
        expect(ownFiber().getRef(TaskName)).toBe("root");
        tg.startSoon(async () => expect(ownFiber().getRef(TaskName)).toBe("three"), {
          name: "three",
        });
      }),
    { backend, name: "root" },
  );
});

test("the fibers that an effect forks know to which task they belong", async () => {
  const name = await run(() => fromEffect(Effect.flatMap(Effect.forkChild(TaskName), Fiber.join)), {
    backend,
    name: "parent",
  });
  expect(name).toBe("parent");
});

test("tasks count in Effect's fiber metrics", async () => {
  const context = Context.make(Metric.FiberRuntimeMetrics, Metric.FiberRuntimeMetricsImpl);
  const counted = effectBackend({ context });
  const before = JSON.stringify(await Effect.runPromiseWith(context)(Metric.snapshot));
  await run(() => taskGroup(async (tg) => void tg.startSoon(() => sleep(0))), { backend: counted });
  const after = JSON.stringify(await Effect.runPromiseWith(context)(Metric.snapshot));
  expect(after).not.toBe(before);
});

test("B4, B18 interrupting the root fiber waits until every task below has unwound, and all fibers have ended", async () => {
  const log: string[] = [];
  const fibers: TaskFiber[] = [];
  let blocked = (): void => {};
  const allBlocked = new Promise<void>((resolve) => (blocked = resolve));
  const { fiber, result } = await startRoot(() =>
    taskGroup(async (tg) => {
      for (const name of ["a", "b"]) {
        tg.startSoon(async () => {
          fibers.push(ownFiber());
          await taskGroup(
            async (inner) => void inner.startSoon(() => unwinding(log, `below ${name}`)),
          );
        });
      }
      await waitAllTasksBlocked();
      blocked();
      await unwinding(log, "body");
    }),
  );
  await allBlocked;
  await interrupt(fiber);
  expect(log.toSorted()).toEqual(["below a", "below b", "body"]);
  expect([fiber, ...fibers].map((one) => Exit.hasInterrupts(one.pollUnsafe() as never))).toEqual([
    true,
    true,
    true,
  ]);
  expect(await result).toEqual({ error: expect.any(ScopeCancelledError) });
});

test("B4 interrupting the fiber of one task cancels that task alone", async () => {
  const log: string[] = [];
  await run(
    () =>
      taskGroup(async (tg) => {
        let victim: TaskFiber | undefined;
        tg.startSoon(async () => {
          victim = ownFiber();
          await unwinding(log, "the victim");
        });
        const sibling = tg.startSoon(() => sleep(1).then(() => log.push("its sibling")));
        await sibling.wait();
        await fromEffect(Fiber.interrupt(victim as TaskFiber));
        log.push("the group goes on");
      }),
    { backend },
  );
  expect(log).toEqual(["its sibling", "the victim", "the group goes on"]);
});

test("interrupting a fiber twice, or after its end, changes nothing", async () => {
  const log: string[] = [];
  const { fiber } = await startRoot(() => unwinding(log, "unwound"));
  fiber.interruptUnsafe();
  fiber.interruptUnsafe();
  await interrupt(fiber);
  fiber.interruptUnsafe();
  expect(log).toEqual(["unwound"]);
});

test("a fiber that is interrupted before its task has begun runs the task to its first checkpoint", async () => {
  const log: string[] = [];
  await run(
    () =>
      taskGroup(async (tg) => {
        const started = new Event();
        tg.startSoon(async () => {
          log.push("began");
          await started.wait();
          log.push("went on");
        });
        const handle = tg.startSoon(() => sleepForever());
        handle.cancel();
        tg.cancel();
      }),
    { backend },
  );
  expect(log).toEqual(["began"]);
});

test("a failure is the same object in the fiber's exit and in the run's rejection", async () => {
  const failure = new Error("boom");
  const { fiber, result } = await startRoot(() => Promise.reject(failure));
  const exit = await Effect.runPromise(Fiber.await(fiber));
  expect(Exit.isFailure(exit) && Cause.squash(exit.cause)).toBe(failure);
  expect(await result).toEqual({ error: failure });
});

test("a task that was cancelled by the library is an interrupted fiber", async () => {
  let fiber: TaskFiber | undefined;
  await run(
    () =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(async () => {
          fiber = ownFiber();
          await sleepForever();
        });
        await waitAllTasksBlocked();
        handle.cancel();
      }),
    { backend },
  );
  const exit = fiber?.pollUnsafe() as Exit.Exit<unknown, unknown>;
  expect(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause)).toBe(true);
});

test("a value returned in spite of an interruption is the run's, but not the fiber's", async () => {
  const { fiber, result } = await startRoot(() => sleepForever().catch(() => 7));
  await interrupt(fiber);
  expect(Exit.hasInterrupts(fiber.pollUnsafe() as Exit.Exit<unknown, unknown>)).toBe(true);
  expect(await result).toEqual({ value: 7 });
});

test("an error of cleanup joins the interruption in the fiber's exit", async () => {
  const failure = new Error("cleanup failed");
  const { fiber, result } = await startRoot(() =>
    sleepForever().finally(() => Promise.reject(failure)),
  );
  await interrupt(fiber);
  const { cause } = fiber.pollUnsafe() as Exit.Failure<unknown, unknown>;
  expect(cause.reasons.map((reason) => reason._tag).toSorted()).toEqual(["Fail", "Interrupt"]);
  expect(await result).toEqual({ error: failure });
});

test("an observer of a task's fiber that throws keeps nobody from hearing that the task has ended", async () => {
  const reported: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => reported.push(error));
  const failure = new Error("an observer's");
  try {
    await run(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(async () => {
            ownFiber().addObserver(() => {
              throw failure;
            });
          });
        }),
      { backend },
    );
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  expect(reported).toEqual([failure]);
});

test("closing the scope that a backend was given cancels its runs and waits for them", async () => {
  const log: string[] = [];
  const scope = Scope.makeUnsafe();
  const { result } = await startRoot(() => unwinding(log, "unwound"), { scope });
  await Effect.runPromise(Scope.close(scope, Exit.void));
  expect(log).toEqual(["unwound"]);
  expect(await result).toEqual({ error: expect.any(ScopeCancelledError) });
});

test("a run on a backend whose scope is closed already is cancelled, and does not hang", async () => {
  const scope = Scope.makeUnsafe();
  await Effect.runPromise(Scope.close(scope, Exit.void));
  await expect(run(sleepForever, { backend: effectBackend({ scope }) })).rejects.toThrow(
    ScopeCancelledError,
  );
});

class Database extends Context.Service<Database, { readonly name: string }>()("Database") {}

test("root tasks run in the context that the backend was given, and so do the tasks below", async () => {
  const runtime = ManagedRuntime.make(Layer.succeed(Database, { name: "managed" }));
  const context = await runtime.context();
  const name = await run(
    async () => {
      let seen: string | undefined;
      await taskGroup(async (tg) => {
        tg.startSoon(async () => {
          const service = ownFiber().getRef(Database as never) as { name: string };
          seen = service.name;
        });
      });
      return seen;
    },
    { backend: effectBackend({ context: context as Context.Context<never> }) },
  );
  await runtime.dispose();
  expect(name).toBe("managed");
});

test("a task that is started by a callback of a task which has ended still has its services", async () => {
  const context = Context.make(Database, { name: "kept" }) as Context.Context<never>;
  let name: string | undefined;
  await run(
    () =>
      taskGroup(async (tg) => {
        let callback = (): void => {};
        const registrant = tg.startSoon(async () => {
          callback = AsyncLocalStorage.bind(() => {
            tg.startSoon(async () => {
              name = (ownFiber().getRef(Database as never) as { name: string }).name;
            });
          });
        });
        await registrant.wait();
        callback();
      }),
    { backend: effectBackend({ context }) },
  );
  expect(name).toBe("kept");
});

function recording(): { tracer: Tracer.Tracer; spans: Tracer.NativeSpan[] } {
  const spans: Tracer.NativeSpan[] = [];
  const tracer = Tracer.make({
    span(options) {
      const span = new Tracer.NativeSpan(options);
      spans.push(span);
      return span;
    },
  });
  return { tracer, spans };
}

test("with spans each task has one, inside that of the task which started it", async () => {
  const { tracer, spans } = recording();
  const context = Context.make(Tracer.Tracer, tracer) as Context.Context<never>;
  await run(
    () =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(sleepForever, { name: "child" });
        tg.startSoon(() => fromEffect(Effect.void.pipe(Effect.withSpan("effect"))), {
          name: "other child",
        });
        await sleep(1);
        handle.cancel();
      }),
    { backend: effectBackend({ context, spans: true }), name: "root" },
  );
  const told = spans.map(({ name, parent, status }) => {
    const above = parent._tag === "Some" && parent.value._tag === "Span" ? parent.value.name : "-";
    const end = status._tag === "Ended" ? status.exit._tag : "not ended";
    return `${name} in ${above}: ${end}`;
  });
  expect(told.toSorted()).toEqual([
    "child in root: Failure",
    "effect in other child: Success",
    "other child in root: Success",
    "root in -: Success",
  ]);
});

test("without spans there are none", async () => {
  const { tracer, spans } = recording();
  const context = Context.make(Tracer.Tracer, tracer) as Context.Context<never>;
  await run(() => taskGroup(async (tg) => void tg.startSoon(() => sleep(0))), {
    backend: effectBackend({ context }),
  });
  expect(spans).toEqual([]);
});

test("B6 each task sees the AsyncLocalStorage of the call that started it, whoever wakes it", async () => {
  const user = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  await run(
    () =>
      taskGroup(async (tg) => {
        const event = new Event();
        for (const name of ["a", "b"]) {
          user.run(name, () =>
            tg.startSoon(async () => {
              await event.wait();
              seen.push(user.getStore());
              await fromEffect(Effect.yieldNow);
              seen.push(user.getStore());
            }),
          );
        }
        await waitAllTasksBlocked();
        user.run("the waker", () => event.set());
      }),
    { backend },
  );
  expect(seen).toEqual(["a", "b", "a", "b"]);
});

test("B6 so it is on a host without AsyncResource, where Effect's fibers mix contexts up", () => {
  const program = fileURLToPath(new URL("programs/without-async-resource.ts", import.meta.url));
  const child = spawnSync(
    process.execPath,
    ["--conditions=@anywhen/source", `--import=${import.meta.resolve("tsx")}`, program],
    { encoding: "utf8" },
  );
  expect(child.stdout, child.stderr).toBe("a,a,b,b,a,a,b,b");
}, 30_000);
