import {
  type AnywhenError,
  asCompleted,
  Cancelled,
  cancellable,
  CancelScope,
  cancelScope,
  checkpoint,
  ContextVar,
  detached,
  failAfter,
  failAt,
  gather,
  isCancelled,
  mapConcurrent,
  moveOnAfter,
  moveOnAt,
  race,
  run,
  type ScopeCancelledError,
  shield,
  sleep,
  sleepForever,
  type TaskGroup,
  type TaskGroupError,
  taskGroup,
  type TaskHandle,
  type TaskStatus,
  type TimeoutError,
} from "@anywhen/core";
import { describe, expectTypeOf, test } from "vitest";

declare const tg: TaskGroup;

describe("run", () => {
  test("has the type of main's value", () => {
    expectTypeOf(run(() => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(run(async () => "a")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(run(async () => {})).toEqualTypeOf<Promise<void>>();
  });

  test("takes a function only, and options that exist", () => {
    // @ts-expect-error a promise is running already
    void run(Promise.resolve(1));
    // @ts-expect-error main gets no arguments
    void run((argument: number) => argument);
    // @ts-expect-error no such option
    void run(() => 1, { timeout: 5 });
    // @ts-expect-error signals is a list
    void run(() => 1, { signals: "SIGINT" });
  });
});

describe("a scope that may absorb its cancellation", () => {
  test("has T | undefined", () => {
    expectTypeOf(moveOnAfter(5, () => 1)).toEqualTypeOf<Promise<number | undefined>>();
    expectTypeOf(moveOnAt(5, async () => "a")).toEqualTypeOf<Promise<string | undefined>>();
    expectTypeOf(cancelScope(() => 1)).toEqualTypeOf<Promise<number | undefined>>();
    expectTypeOf(new CancelScope().run(async () => true)).toEqualTypeOf<
      Promise<boolean | undefined>
    >();
    expectTypeOf(taskGroup(async () => 1)).toEqualTypeOf<Promise<number | undefined>>();
    expectTypeOf(moveOnAfter(5, () => sleep(1))).toEqualTypeOf<Promise<void | undefined>>();
  });

  test("gives its body the scope", () => {
    void moveOnAfter(5, (scope) => expectTypeOf(scope).toEqualTypeOf<CancelScope>());
    void cancelScope((scope) => expectTypeOf(scope).toEqualTypeOf<CancelScope>());
    class Named extends CancelScope {
      readonly purpose: string = "test";
    }
    void new Named().run((scope) => expectTypeOf(scope.purpose).toEqualTypeOf<string>());
  });

  test("has its deadline from the function, not from the options", () => {
    // @ts-expect-error the time is the first argument
    void moveOnAfter(5, () => 1, { deadline: 7 });
    // @ts-expect-error the time is the first argument
    void failAt(5, () => 1, { deadline: 7 });
    // @ts-expect-error milliseconds are a number
    void moveOnAfter("5s", () => 1);
  });

  test("shows its state, which is not for setting", () => {
    const scope = new CancelScope();
    expectTypeOf(scope.cancelCalled).toEqualTypeOf<boolean>();
    expectTypeOf(scope.cancelReason).toEqualTypeOf<unknown>();
    expectTypeOf(scope.signal).toEqualTypeOf<AbortSignal>();
    // @ts-expect-error for reading only
    scope.cancelCalled = true;
    // @ts-expect-error for reading only
    scope.cancelledCaught = true;
    scope.deadline = Infinity;
    scope.shield = true;
  });
});

describe("a scope that must return a value", () => {
  test("has T", () => {
    expectTypeOf(failAfter(5, () => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(failAt(5, async () => "a")).toEqualTypeOf<Promise<string>>();
    expectTypeOf(shield(async () => true)).toEqualTypeOf<Promise<boolean>>();
    expectTypeOf(shield(() => sleep(1), { timeout: 5 })).toEqualTypeOf<Promise<void>>();
  });
});

describe("a task group", () => {
  test("startSoon has a handle of the task's type", () => {
    expectTypeOf(tg.startSoon(() => 1)).toEqualTypeOf<TaskHandle<number>>();
    expectTypeOf(tg.startSoon(async () => "a")).toEqualTypeOf<TaskHandle<string>>();
    expectTypeOf(tg.startSoon(async () => "a").result()).toEqualTypeOf<Promise<string>>();
    expectTypeOf(tg.startSoon(async () => "a").returnValue).toEqualTypeOf<string>();
    expectTypeOf(tg.startSoon(async () => "a").error).toEqualTypeOf<unknown>();
    // @ts-expect-error a promise is running already
    tg.startSoon(sleep(5));
    // @ts-expect-error a task gets no arguments
    tg.startSoon((name: string) => name);
  });

  test("start has what the task reports", () => {
    const serve = async (status: TaskStatus<number>): Promise<string> => {
      status.started(80);
      return "served";
    };
    expectTypeOf(tg.start(serve)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(tg.start(serve, { name: "server" })).toEqualTypeOf<Promise<number>>();
    expectTypeOf(tg.start(serve, { returnHandle: true })).toEqualTypeOf<
      Promise<TaskHandle<string> & { readonly startValue: number }>
    >();
    const announce = (status: TaskStatus): void => status.started();
    expectTypeOf(tg.start(announce)).toEqualTypeOf<Promise<void>>();
    void tg.start(async (status: TaskStatus<number>) => {
      // @ts-expect-error it promised a number
      status.started("eighty");
    });
  });

  test("gives its body the group", () => {
    void taskGroup((group) => expectTypeOf(group).toEqualTypeOf<TaskGroup>());
  });
});

describe("concurrency helpers", () => {
  test("gather has a tuple, in the order of its arguments", () => {
    expectTypeOf(
      gather(
        () => 1,
        async () => "a",
        () => Promise.resolve(true),
      ),
    ).toEqualTypeOf<Promise<[number, string, boolean]>>();
    expectTypeOf(gather()).toEqualTypeOf<Promise<[]>>();
    const list: (() => Promise<Date>)[] = [];
    expectTypeOf(gather(...list)).toEqualTypeOf<Promise<Date[]>>();
    // @ts-expect-error promises are running already
    void gather(Promise.resolve(1));
  });

  test("race has the type of any of its functions", () => {
    expectTypeOf(race([async () => 1, async () => 2])).toEqualTypeOf<Promise<number>>();
    expectTypeOf(race<number | string>([() => 1, async () => "a"])).toEqualTypeOf<
      Promise<number | string>
    >();
    expectTypeOf(race(new Set([() => 1]))).toEqualTypeOf<Promise<number>>();
  });

  test("mapConcurrent infers item and result, from an iterable or an async one", () => {
    expectTypeOf(
      mapConcurrent([1, 2], async (item, index) => {
        expectTypeOf(item).toEqualTypeOf<number>();
        expectTypeOf(index).toEqualTypeOf<number>();
        return String(item);
      }),
    ).toEqualTypeOf<Promise<string[]>>();
    async function* dates(): AsyncGenerator<Date> {
      yield new Date();
      await checkpoint();
    }
    expectTypeOf(
      mapConcurrent(dates(), (date) => date.getTime(), { concurrency: 2 }),
    ).toEqualTypeOf<Promise<number[]>>();
    // @ts-expect-error a number is not iterable
    void mapConcurrent(5, () => 1);
  });

  test("asCompleted yields handles", async () => {
    for await (const handle of asCompleted([async () => 1], { concurrency: 1 })) {
      expectTypeOf(handle).toEqualTypeOf<TaskHandle<number>>();
    }
  });
});

describe("waiting", () => {
  test("sleepForever never has a value", () => {
    expectTypeOf(sleepForever()).toEqualTypeOf<Promise<never>>();
  });

  test("cancellable has the value of the promise, and gives a function the signal", () => {
    expectTypeOf(cancellable(Promise.resolve(1))).toEqualTypeOf<Promise<number>>();
    expectTypeOf(
      cancellable(
        (signal) => {
          expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
          return Promise.resolve("a");
        },
        { onCancel: "wait" },
      ),
    ).toEqualTypeOf<Promise<string>>();
    // @ts-expect-error neither of the two
    void cancellable(Promise.resolve(1), { onCancel: "stop" });
  });

  test("detached has what its function returns", () => {
    expectTypeOf(detached(() => 1)).toEqualTypeOf<number>();
    expectTypeOf(detached(async () => "a")).toEqualTypeOf<Promise<string>>();
  });
});

describe("ContextVar", () => {
  test("may be unset, unless the reader knows better", () => {
    const variable = new ContextVar<string>("id");
    expectTypeOf(variable.get()).toEqualTypeOf<string | undefined>();
    expectTypeOf(variable.run("a", () => 1)).toEqualTypeOf<number>();
    expectTypeOf(variable.run("a", async () => 1)).toEqualTypeOf<Promise<number>>();
    expectTypeOf(new ContextVar("depth", { defaultValue: 0 })).toEqualTypeOf<ContextVar<number>>();
    // @ts-expect-error it holds strings
    variable.run(5, () => 1);
  });
});

describe("errors", () => {
  test("isCancelled narrows to an error", () => {
    const error: unknown = undefined;
    if (isCancelled(error)) expectTypeOf(error).toEqualTypeOf<Error>();
  });

  test("Cancelled is not made by users", () => {
    // @ts-expect-error the constructor is private
    void new Cancelled("stop", undefined);
  });

  test("each knows its code", () => {
    expectTypeOf<TimeoutError>().toExtend<AnywhenError>();
    expectTypeOf<AnywhenError["code"]>().toEqualTypeOf<string>();
    expectTypeOf<TaskGroupError["code"]>().toEqualTypeOf<"ERR_TASK_GROUP">();
    expectTypeOf<TaskGroupError>().toExtend<AggregateError>();
    expectTypeOf<ReturnType<TaskGroupError["split"]>>().toEqualTypeOf<
      [TaskGroupError | undefined, TaskGroupError | undefined]
    >();
    expectTypeOf<ScopeCancelledError["reason"]>().toEqualTypeOf<unknown>();
  });
});
