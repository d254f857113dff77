import { AsyncLocalStorage } from "node:async_hooks";
import {
  checkpoint,
  ContextVar,
  currentBackend,
  currentHost,
  currentScope,
  isCancelled,
  moveOnAfter,
  now,
  run,
  ScopeClosedError,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  TaskGroupError,
  UsageError,
} from "@anywhen/core";
import {
  Cause,
  Context,
  Data,
  Deferred,
  Effect,
  Exit,
  Fiber,
  Layer,
  ManagedRuntime,
  Option,
  References,
  Schedule,
  Tracer,
} from "effect";
import { describe, expect, test } from "vitest";
import {
  effectBackend,
  EffectInterruptedError,
  fromEffect,
  type RunEffect,
  TaskName,
  toEffect,
} from "../src/index.ts";

class Database extends Context.Service<Database, { readonly row: (id: string) => string }>()(
  "Database",
) {}
const database = { row: (id: string) => `row ${id}` };

class NotFound extends Data.TaggedError("NotFound")<{ readonly id: number }> {}
const notFound = (error: unknown): NotFound | undefined =>
  error instanceof NotFound ? error : undefined;

const backend = effectBackend();
const inTask = <T>(body: () => Promise<T>): Promise<T> => run(body, { backend });
const exitOf = <A, E>(effect: Effect.Effect<A, E>): Promise<Exit.Exit<A, E>> =>
  Effect.runPromiseExit(effect);

function reasonsOf(exit: Exit.Exit<unknown, unknown>): (readonly [string, unknown?])[] {
  if (Exit.isSuccess(exit)) return [["Success", exit.value]];
  return exit.cause.reasons.map((reason) => {
    if (reason._tag === "Interrupt") return ["Interrupt"];
    return [reason._tag, reason._tag === "Fail" ? reason.error : reason.defect];
  });
}

async function caught(body: () => unknown): Promise<unknown> {
  try {
    await body();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

async function unwinding(
  log: string[],
  name: string,
  ms = 5,
  begun: () => void = () => {},
): Promise<void> {
  try {
    begun();
    await sleepForever();
  } finally {
    await shield(() => sleep(ms));
    log.push(name);
  }
}

describe("toEffect", () => {
  test("the task is the calling fiber", async () => {
    const same = await Effect.runPromise(
      Effect.withFiber((fiber) => toEffect(async () => currentHost() === fiber)),
    );
    expect(same).toBe(true);
  });

  test("takes functions that are not async, and that throw at once", async () => {
    const failure = new Error("at once");
    expect(await Effect.runPromise(toEffect(() => 1))).toBe(1);
    const exit = await exitOf(
      toEffect(() => {
        throw failure;
      }),
    );
    expect(reasonsOf(exit)).toEqual([["Die", failure]]);
  });

  test("an effect can be run many times, also at once", async () => {
    let runs = 0;
    const effect = toEffect(async () => {
      await checkpoint();
      return ++runs;
    });
    const results = await Effect.runPromise(
      Effect.all([effect, effect, effect], { concurrency: "unbounded" }),
    );
    expect(results).toEqual([1, 2, 3]);
  });

  test("services reach the function, the tasks it starts, and its cleanup after an interruption", async () => {
    const log: string[] = [];
    const load = (id: string) => Effect.map(Database, (db) => db.row(id));
    const program = toEffect(async (runEffect: RunEffect<Database>) => {
      log.push(await runEffect(load("a")));
      try {
        await taskGroup(async (tg) => {
          tg.startSoon(async () => void log.push(await runEffect(load("b"))));
          await sleepForever();
        });
      } finally {
        await shield(async () => void log.push(await runEffect(load("c"))));
      }
    });
    await Effect.runPromise(
      program.pipe(Effect.timeoutOption(10), Effect.provideService(Database, database)),
    );
    expect(log).toEqual(["row a", "row b", "row c"]);
  });

  test("each function in a fiber sees the services of its own place", async () => {
    const name = toEffect(() =>
      fromEffect(Effect.serviceOption(Database) as Effect.Effect<unknown>),
    );
    const names = await Effect.runPromise(
      Effect.gen(function* () {
        const outside = yield* name;
        const inside = yield* Effect.provideService(name, Database, database);
        return [outside, inside, yield* name];
      }),
    );
    expect(names).toEqual([Option.none(), Option.some(database), Option.none()]);
  });

  test("the fiber bears the task's name for as long as the function runs", async () => {
    const names = await Effect.runPromise(
      Effect.gen(function* () {
        const inside = yield* toEffect(() => fromEffect(TaskName), { name: "load" });
        return [inside, yield* TaskName];
      }),
    );
    expect(names).toEqual(["load", undefined]);
  });

  test("references, log annotations and the current span reach the function and its tasks", async () => {
    const parents: unknown[] = [];
    const tracer = Tracer.make({
      span(options) {
        const span = new Tracer.NativeSpan(options);
        if (options.parent._tag === "Some" && options.parent.value._tag === "Span") {
          parents.push([span.name, options.parent.value.name]);
        }
        return span;
      },
    });
    const annotations = await Effect.runPromise(
      toEffect(async () => {
        await taskGroup(async (tg) => {
          tg.startSoon(() => fromEffect(Effect.void.pipe(Effect.withSpan("in a task"))));
        });
        return fromEffect(References.CurrentLogAnnotations);
      }).pipe(
        Effect.withSpan("outer"),
        Effect.annotateLogs("request", 7),
        Effect.withTracer(tracer),
      ),
    );
    expect(annotations).toEqual({ request: 7 });
    expect(parents).toEqual([["in a task", "outer"]]);
  });

  test("with spans, the function and its tasks have one each", async () => {
    const spans: string[] = [];
    const tracer = Tracer.make({
      span(options) {
        const above = options.parent;
        spans.push(
          above._tag === "Some" && above.value._tag === "Span"
            ? `${options.name} in ${above.value.name}`
            : options.name,
        );
        return new Tracer.NativeSpan(options);
      },
    });
    const program = toEffect(
      () =>
        taskGroup(async (tg) => {
          tg.startSoon(() => sleep(0), { name: "child" });
        }),
      { name: "load", spans: true },
    );
    await Effect.runPromise(program.pipe(Effect.withTracer(tracer)));
    expect(spans).toEqual(["load", "child in load"]);
  });

  test("a library that is written against anywhen picks the host up by itself", async () => {
    const library = async (): Promise<string> => {
      await sleep(1);
      return currentBackend().name;
    };
    expect(await Effect.runPromise(toEffect(library))).toBe("effect");
  });

  test("without a mapping every error is a defect, the same object", async () => {
    const failure = new NotFound({ id: 1 });
    const exit = await exitOf(toEffect(() => Promise.reject(failure)));
    expect(reasonsOf(exit)).toEqual([["Die", failure]]);
  });

  test("an error that the mapping knows is a failure, the same object, and others are defects", async () => {
    const known = new NotFound({ id: 1 });
    const unknown = new TypeError("no such thing");
    const failing = (error: unknown) => toEffect(() => Promise.reject(error), { catch: notFound });
    expect(reasonsOf(await exitOf(failing(known)))).toEqual([["Fail", known]]);
    expect(reasonsOf(await exitOf(failing(unknown)))).toEqual([["Die", unknown]]);
    const recovered = failing(known).pipe(
      Effect.catchTag("NotFound", (error) => Effect.succeed(error.id)),
    );
    expect(await Effect.runPromise(recovered)).toBe(1);
  });

  test("a mapping that throws makes a defect of what it throws", async () => {
    const broken = new Error("in the mapping");
    const exit = await exitOf(
      toEffect(() => Promise.reject(new Error("original")), {
        catch: () => {
          throw broken;
        },
      }),
    );
    expect(reasonsOf(exit)).toEqual([["Die", broken]]);
  });

  test("a TaskGroupError becomes a cause that holds every member, those of nested groups too", async () => {
    const [first, second] = [new NotFound({ id: 1 }), new Error("second")];
    const exit = await exitOf(
      toEffect(
        () =>
          taskGroup(async (tg) => {
            tg.startSoon(async () => {
              try {
                await sleepForever();
              } finally {
                await taskGroup(async () => Promise.reject(second));
              }
            });
            tg.startSoon(() => sleep(1).then(() => Promise.reject(first)));
          }),
        { catch: notFound },
      ),
    );
    expect(reasonsOf(exit)).toEqual([
      ["Fail", first],
      ["Die", second],
    ]);
  });

  test("B18 Effect.timeout ends after the function has unwound", async () => {
    const log: string[] = [];
    const result = await Effect.runPromise(
      toEffect(() => unwinding(log, "unwound", 20)).pipe(Effect.timeoutOption(5)),
    );
    expect([result._tag, log]).toEqual(["None", ["unwound"]]);
  });

  test("B18 the loser of a race has unwound when the race ends", async () => {
    const log: string[] = [];
    const winner = await Effect.runPromise(
      Effect.raceFirst(
        toEffect(() => unwinding(log, "unwound")),
        Effect.as(Effect.sleep(1), "winner"),
      ),
    );
    expect([winner, log]).toEqual(["winner", ["unwound"]]);
  });

  test("B18 disposing a ManagedRuntime waits for the functions that run in it", async () => {
    const log: string[] = [];
    const runtime = ManagedRuntime.make(Layer.succeed(Database, database));
    let exit: Promise<Exit.Exit<unknown, unknown>> | undefined;
    await new Promise<void>((begun) => {
      exit = runtime.runPromiseExit(toEffect(() => unwinding(log, "unwound", 10, begun)));
    });
    await runtime.dispose();
    expect(log).toEqual(["unwound"]);
    expect(Exit.hasInterrupts((await exit) as Exit.Exit<unknown, unknown>)).toBe(true);
  });

  test("an error of cleanup joins the interruption, as the failure that the mapping knows", async () => {
    const [failure, defect] = [new NotFound({ id: 1 }), new Error("cleanup failed")];
    for (const [error, tag] of [
      [failure, "Fail"],
      [defect, "Die"],
    ] as const) {
      const body = async (begun: () => void): Promise<never> => {
        begun();
        return sleepForever().finally(() => Promise.reject(error));
      };
      const fiber = await new Promise<Fiber.Fiber<never, NotFound>>((resolve) => {
        const started = Effect.runFork(
          toEffect(() => body(() => resolve(started)), { catch: notFound }),
        );
      });
      await Effect.runPromise(Fiber.interrupt(fiber));
      const exit = fiber.pollUnsafe() as Exit.Exit<never, NotFound>;
      expect(reasonsOf(exit)).toContainEqual(["Interrupt"]);
      expect(reasonsOf(exit)).toContainEqual([tag, error]);
    }
  });

  test("an interruption at once lets the function run to its first checkpoint", async () => {
    const log: string[] = [];
    const fiber = Effect.runFork(
      toEffect(async () => {
        log.push("began");
        await checkpoint();
        log.push("went on");
      }),
    );
    await Effect.runPromise(Fiber.interrupt(fiber));
    expect(log).toEqual(["began"]);
  });

  test("a function that cancels itself ends as interrupted", async () => {
    const exit = await exitOf(
      toEffect(async () => {
        currentScope()?.cancel("enough");
        await checkpoint();
      }),
    );
    expect(reasonsOf(exit)).toEqual([["Interrupt"]]);
  });

  test("an uninterruptible effect shields its function from the scope around it", async () => {
    const log: string[] = [];
    await inTask(() =>
      moveOnAfter(5, () =>
        fromEffect(
          Effect.uninterruptible(
            toEffect(async () => {
              await sleep(15);
              log.push("committed");
            }),
          ),
        ),
      ).then(() => void log.push("moved on")),
    );
    expect(log).toEqual(["committed", "moved on"]);
  });

  test("Effect.retry runs the function again", async () => {
    let attempts = 0;
    const flaky = toEffect(
      async () => {
        if (++attempts < 3) throw new NotFound({ id: attempts });
        return attempts;
      },
      { catch: notFound },
    );
    expect(await Effect.runPromise(flaky.pipe(Effect.retry(Schedule.recurs(5))))).toBe(3);
  });

  test("no rejection is left unhandled, whatever becomes of the function", async () => {
    const reported: unknown[] = [];
    const listen = (error: unknown): void => void reported.push(error);
    process.on("unhandledRejection", listen);
    await exitOf(toEffect(() => Promise.reject(new Error("boom"))));
    await exitOf(toEffect(sleepForever).pipe(Effect.timeoutOption(1)));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listen);
    expect(reported).toEqual([]);
  });
});

describe("fromEffect", () => {
  test("resolves with the value, whether it comes at once or later", async () => {
    const values = await inTask(async () => [
      await fromEffect(Effect.succeed(1)),
      ...(await Promise.all([
        fromEffect(Effect.as(Effect.sleep(3), 2)),
        fromEffect(Effect.as(Effect.sleep(1), 3)),
      ])),
    ]);
    expect(values).toEqual([1, 2, 3]);
  });

  test("throws the failure or the defect itself, primitives included", async () => {
    const failure = new Error("boom");
    await inTask(async () => {
      expect(await caught(() => fromEffect(Effect.fail(failure)))).toBe(failure);
      expect(await caught(() => fromEffect(Effect.die(failure)))).toBe(failure);
      expect(await caught(() => fromEffect(Effect.fail("text")))).toBe("text");
      expect(await caught(() => fromEffect(Effect.fail(undefined)))).toBe(undefined);
    });
  });

  test("throws a TaskGroupError for several failures, each the same object", async () => {
    const [failure, defect] = [new Error("failure"), new Error("defect")];
    const cause = Cause.combine(Cause.fail(failure), Cause.die(defect));
    const error = await inTask(() => caught(() => fromEffect(Effect.failCause(cause))));
    expect(error).toBeInstanceOf(TaskGroupError);
    expect((error as TaskGroupError).errors).toEqual([failure, defect]);
    expect((error as TaskGroupError).errors[0]).toBe(failure);
  });

  test("an effect that is interrupted by others is an error, and not a cancellation", async () => {
    const error = await inTask(() => caught(() => fromEffect(Effect.interrupt)));
    expect(error).toBeInstanceOf(EffectInterruptedError);
    expect(isCancelled(error)).toBe(false);
    expect((error as EffectInterruptedError).code).toBe("ERR_EFFECT_INTERRUPTED");
  });

  test("a cancelled call interrupts the effect and waits for its finalizers", async () => {
    const log: string[] = [];
    await inTask(async () => {
      await moveOnAfter(5, () =>
        fromEffect(
          Effect.never.pipe(
            Effect.onInterrupt(() =>
              Effect.andThen(
                Effect.sleep(15),
                Effect.sync(() => log.push("finalized")),
              ),
            ),
          ),
        ),
      );
      log.push("moved on");
    });
    expect(log).toEqual(["finalized", "moved on"]);
  });

  test("an error of a finalizer is thrown instead of the cancellation", async () => {
    const failure = new Error("in the finalizer");
    const error = await inTask(() =>
      caught(() =>
        moveOnAfter(5, () =>
          fromEffect(Effect.never.pipe(Effect.onInterrupt(() => Effect.die(failure)))),
        ),
      ),
    );
    expect(error).toBe(failure);
  });

  test("K1 in a cancelled scope nothing is run", async () => {
    const log: string[] = [];
    await inTask(() =>
      moveOnAfter(0, async () => {
        await sleep(1).catch(() => {});
        await fromEffect(Effect.sync(() => log.push("ran")));
      }),
    );
    expect(log).toEqual([]);
  });

  test("K2 an effect that has taken effect returns, though it cancelled the scope around it", async () => {
    const values = await inTask(async () => {
      const found: unknown[] = [];
      await moveOnAfter(1_000, async (scope) => {
        found.push(
          await fromEffect(
            Effect.sync(() => {
              scope.cancel();
              return "taken";
            }),
          ),
        );
        await checkpoint();
        found.push("went on");
      });
      return found;
    });
    expect(values).toEqual(["taken"]);
  });

  test("K4, C13 loops over effects that are over at once, or are refused, let timers run", async () => {
    const ticks = async (loop: (until: () => boolean) => Promise<void>): Promise<number> => {
      let count = 0;
      const interval = setInterval(() => count++, 1);
      const end = performance.now() + 60;
      await loop(() => performance.now() > end);
      clearInterval(interval);
      return count;
    };
    await inTask(async () => {
      const passed = await ticks(async (over) => {
        while (!over()) await fromEffect(Effect.void);
      });
      expect(passed).toBeGreaterThan(1);
      const refused = await ticks(async (over) => {
        await moveOnAfter(0, async () => {
          while (!over()) await fromEffect(Effect.void).catch(() => {});
        });
      });
      expect(refused).toBeGreaterThan(1);
    });
  });

  test("C22 in a scope that has ended it throws, and runs nothing", async () => {
    const log: string[] = [];
    const error = await inTask(async () => {
      let leave = (): void => {};
      const left = new Promise<void>((resolve) => (leave = resolve));
      let leaked: Promise<unknown> | undefined;
      await moveOnAfter(1_000, () => {
        leaked = (async () => {
          await left;
          await fromEffect(Effect.sync(() => log.push("ran")));
        })().catch((thrown: unknown) => thrown);
      });
      leave();
      return leaked;
    });
    expect([error, log]).toEqual([expect.any(ScopeClosedError), []]);
  });

  test("outside a task on the Effect backend it says what to do", async () => {
    await expect(fromEffect(Effect.void)).rejects.toThrow(/outside every task.*toEffect\(\)/s);
    const elsewhere = { ...effectBackend(), name: "another" };
    elsewhere.spawn = (task) => void elsewhere.run(task);
    elsewhere.run = (task) => {
      task.attach(undefined as never);
      return task.run().then((outcome) => task.settled(outcome));
    };
    const error = await run(() => caught(() => fromEffect(Effect.void)), { backend: elsewhere });
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toContain('on the "another" backend');
  });
});

describe("both ways", () => {
  const through = <T>(body: () => Promise<T>): Promise<T> =>
    fromEffect(toEffect(body, { catch: (error) => error as Error }));

  test("an error keeps its identity through four bridges", async () => {
    const failure = new Error("deep");
    const error = await inTask(() =>
      caught(() => through(() => through(() => Promise.reject(failure)))),
    );
    expect(error).toBe(failure);
  });

  test("a defect stays a defect, even for a mapping that takes everything", async () => {
    const defect = new Error("a defect");
    const exit = await exitOf(
      toEffect(() => fromEffect(Effect.die(defect)), { catch: (error) => error }),
    );
    expect(reasonsOf(exit)).toEqual([["Die", defect]]);
  });

  test("an interruption stays one", async () => {
    const exit = await exitOf(toEffect(() => fromEffect(Effect.interrupt)));
    expect(reasonsOf(exit)).toEqual([["Interrupt"]]);
  });

  test("several failures stay several, each asked about by the mapping", async () => {
    const [failure, defect] = [new NotFound({ id: 1 }), new Error("defect")];
    const cause = Cause.combine(Cause.fail(failure), Cause.die(defect));
    const exit = await exitOf(
      toEffect(() => fromEffect(Effect.failCause(cause)), { catch: notFound }),
    );
    expect(reasonsOf(exit)).toEqual([
      ["Fail", failure],
      ["Die", defect],
    ]);
  });

  test("a group that passes through an effect is the same group", async () => {
    let original: unknown;
    const error = await inTask(() =>
      caught(() =>
        through(async () => {
          try {
            await taskGroup(async (tg) => {
              tg.startSoon(() => Promise.reject(new Error("a")));
            });
          } catch (thrown) {
            original = thrown;
            throw thrown;
          }
        }),
      ),
    );
    expect(error).toBeInstanceOf(TaskGroupError);
    expect(error).toBe(original);
  });

  test("a deadline unwinds everything below it, innermost first", async () => {
    const log: string[] = [];
    const level = (name: string, body: () => Promise<unknown>) => async (): Promise<void> => {
      try {
        await body();
      } finally {
        await shield(() => sleep(1));
        log.push(name);
      }
    };
    const inner = level("inner", sleepForever);
    const middle = level("middle", () =>
      fromEffect(Effect.andThen(Effect.sleep(1), toEffect(inner))),
    );
    const outer = level("outer", () =>
      fromEffect(Effect.andThen(Effect.yieldNow, toEffect(middle))),
    );
    await inTask(() => moveOnAfter(10, outer));
    expect(log).toEqual(["inner", "middle", "outer"]);
  });

  test("ContextVar and AsyncLocalStorage reach the other side and come back", async () => {
    const user = new AsyncLocalStorage<string>();
    const variable = new ContextVar<string>("variable");
    const seen: unknown[] = [];
    const look = (where: string): void => void seen.push([where, user.getStore(), variable.get()]);
    await inTask(() =>
      user.run("user", () =>
        variable.run("value", async () => {
          await fromEffect(
            Effect.gen(function* () {
              look("effect");
              yield* Effect.sleep(1);
              look("after a sleep");
              yield* toEffect(async () => {
                look("function");
                await sleep(1);
                look("after a sleep");
              });
              look("effect again");
            }),
          );
          look("back");
        }),
      ),
    );
    expect(seen).toEqual(
      ["effect", "after a sleep", "function", "after a sleep", "effect again", "back"].map(
        (where) => [where, "user", "value"],
      ),
    );
  });

  test("a function in a fiber that another one wakes sees its own fiber's storage", async () => {
    const user = new AsyncLocalStorage<string>();
    const deferred = Deferred.makeUnsafe<number>();
    const consumer = user.run("consumer", () =>
      Effect.runPromise(
        Effect.andThen(
          Deferred.await(deferred),
          toEffect(async () => {
            await sleep(1);
            return user.getStore();
          }),
        ),
      ),
    );
    user.run("producer", () => Deferred.doneUnsafe(deferred, Effect.succeed(1)));
    expect(await consumer).toBe("consumer");
  });

  test("bridges on one clock share one backend, and so its timers", async () => {
    const own = toEffect(async () => currentBackend());
    const [first, second] = await Promise.all([Effect.runPromise(own), Effect.runPromise(own)]);
    expect(first).toBe(second);
    expect(await Effect.runPromise(toEffect(async () => now()))).toBeCloseTo(performance.now(), -2);
  });
});
