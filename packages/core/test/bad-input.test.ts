import {
  asCompleted,
  BackendNotFoundError,
  type CancelScope as Scope,
  cancellable,
  CancelScope,
  cancelScope,
  configure,
  ContextVar,
  detached,
  failAfter,
  failAt,
  gather,
  mapConcurrent,
  missingFromBackend,
  moveOnAfter,
  moveOnAt,
  race,
  run,
  runningTasks,
  shield,
  sleep,
  sleepUntil,
  type TaskGroup,
  taskGroup,
  TaskGroupError,
  UsageError,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { describe, expect, test } from "vitest";
import { counted } from "./counted-backend.ts";

/** A call that a type checker would refuse, or that no type can refuse. */
interface BadCall {
  readonly call: string;
  readonly make: (given: { tg: TaskGroup; scope: Scope }) => unknown;
  readonly error: { new (...args: never[]): Error };
  /** The message names the value and what to do. */
  readonly says: RegExp;
}

const anything = (value: unknown): never => value as never;
let ran = 0;
const fn = (): void => {
  ran++;
};
/** Written as `work()` where `() => work()` was meant. */
const promise: Promise<void> = Promise.resolve();
const backend = promiseBackend();

const rejecting: readonly BadCall[] = [
  // Durations and instants.
  { call: "sleep(NaN)", make: () => sleep(NaN), error: RangeError, says: /sleep\(\).*NaN/ },
  {
    call: 'sleep("5")',
    make: () => sleep(anything("5")),
    error: TypeError,
    says: /sleep\(\).*milliseconds.*"5"/,
  },
  {
    call: "sleep()",
    make: () => sleep(anything(undefined)),
    error: TypeError,
    says: /sleep\(\).*milliseconds.*undefined/,
  },
  {
    call: "sleep(a function)",
    make: () => sleep(anything(() => 5)),
    error: TypeError,
    says: /sleep\(\).*milliseconds.*got function \(unnamed\)/,
  },
  {
    call: "sleepUntil(NaN)",
    make: () => sleepUntil(NaN),
    error: RangeError,
    says: /sleepUntil\(\).*NaN/,
  },
  {
    call: "sleepUntil(a Date)",
    make: () => sleepUntil(anything(new Date())),
    error: TypeError,
    says: /sleepUntil\(\).*milliseconds.*Date/,
  },
  ...[
    { name: "moveOnAfter", time: moveOnAfter },
    { name: "moveOnAt", time: moveOnAt },
    { name: "failAfter", time: failAfter },
    { name: "failAt", time: failAt },
  ].flatMap(({ name, time }): BadCall[] => [
    {
      call: `${name}(NaN, fn)`,
      make: () => time(NaN, fn),
      error: RangeError,
      says: new RegExp(`${name}\\(\\).*NaN`),
    },
    {
      call: `${name}("5s", fn)`,
      make: () => time(anything("5s"), fn),
      error: TypeError,
      says: new RegExp(`${name}\\(\\).*milliseconds as a number.*"5s"`),
    },
    {
      call: `${name}(5, a promise)`,
      make: () => time(5, anything(promise)),
      error: TypeError,
      says: /function.*promise.*\(\) => work\(\)/,
    },
    {
      call: `${name}(5)`,
      make: () => time(5, anything(undefined)),
      error: TypeError,
      says: /function.*undefined/,
    },
    {
      call: `${name}(5, fn, { shield: 1 })`,
      make: () => time(5, fn, { shield: anything(1) }),
      error: TypeError,
      says: /shield is true or false, got 1/,
    },
    {
      call: `${name}(5, fn, { name: 7 })`,
      make: () => time(5, fn, { name: anything(7) }),
      error: TypeError,
      says: /name is a string, got 7/,
    },
  ]),
  {
    call: "shield(fn, { timeout: NaN })",
    make: () => shield(fn, { timeout: NaN }),
    error: RangeError,
    says: /shield\(\): timeout.*NaN/,
  },
  {
    call: 'shield(fn, { timeout: "1" })',
    make: () => shield(fn, { timeout: anything("1") }),
    error: TypeError,
    says: /shield\(\): timeout.*"1"/,
  },
  {
    call: "shield(a promise)",
    make: () => shield(anything(promise)),
    error: TypeError,
    says: /^shield\(\) takes a function, got a promise.*\(\) => work\(\)/s,
  },

  // Scopes.
  {
    call: "cancelScope(a promise)",
    make: () => cancelScope(anything(promise)),
    error: TypeError,
    says: /\(\) => work\(\)/,
  },
  {
    call: "cancelScope(fn, { deadline: NaN })",
    make: () => cancelScope(fn, { deadline: NaN }),
    error: RangeError,
    says: /deadline.*NaN/,
  },
  {
    call: 'cancelScope(fn, { deadline: "soon" })',
    make: () => cancelScope(fn, { deadline: anything("soon") }),
    error: TypeError,
    says: /deadline.*"soon"/,
  },
  {
    call: "cancelScope(fn, { name: Symbol() })",
    make: () => cancelScope(fn, { name: anything(Symbol("s")) }),
    error: TypeError,
    says: /name is a string, got Symbol\(s\)/,
  },
  {
    call: "new CancelScope().run(5)",
    make: () => new CancelScope().run(anything(5)),
    error: TypeError,
    says: /function, got 5/,
  },
  {
    call: "scope.run(fn) of a scope that is open",
    make: ({ scope }) => scope.run(fn),
    error: UsageError,
    says: /"given".*runs once.*new one/,
  },
  {
    call: "cancellable(5)",
    make: () => cancellable(anything(5)),
    error: TypeError,
    says: /promise or a function that returns one, got 5/,
  },
  {
    call: "cancellable(() => 5)",
    make: () => cancellable(anything(() => 5)),
    error: TypeError,
    says: /promise or a function that returns one, got 5/,
  },
  {
    call: 'cancellable(promise, { onCancel: "stop" })',
    make: () => cancellable(promise, { onCancel: anything("stop") }),
    error: TypeError,
    says: /"abandon" or "wait", got "stop"/,
  },

  // Tasks.
  {
    call: "taskGroup(a promise)",
    make: () => taskGroup(anything(promise)),
    error: TypeError,
    says: /taskGroup\(\).*\(\) => work\(\)/,
  },
  {
    call: "taskGroup(fn, { name: 5 })",
    make: () => taskGroup(fn, { name: anything(5) }),
    error: TypeError,
    says: /taskGroup\(\): name is a string, got 5/,
  },
  {
    call: "tg.start(a promise)",
    make: ({ tg }) => tg.start(anything(promise)),
    error: TypeError,
    says: /start\(\).*\(\) => work\(\)/,
  },
  {
    call: "tg.start(fn, { name: [] })",
    make: ({ tg }) => tg.start(fn, { name: anything([]) }),
    error: TypeError,
    says: /start\(\): name is a string, got an array/,
  },

  // Concurrency helpers.
  {
    call: "gather(1)",
    make: () => gather(anything(1)),
    error: TypeError,
    says: /gather\(\).*got 1/,
  },
  {
    call: "gather(fn, a promise)",
    make: () => gather(fn, anything(promise)),
    error: TypeError,
    says: /gather\(\).*\(\) => work\(\)/,
  },
  {
    call: "gather([fn])",
    make: () => gather(anything([fn])),
    error: TypeError,
    says: /gather\(\).*an array/,
  },
  { call: "race([])", make: () => race([]), error: RangeError, says: /race\(\) of nothing.*one/ },
  {
    call: "race([fn, 2])",
    make: () => race([fn, anything(2)]),
    error: TypeError,
    says: /race\(\).*got 2/,
  },
  {
    call: "race(fn)",
    make: () => race(anything(fn)),
    error: TypeError,
    says: /race\(\) takes an iterable.*got function fn/,
  },
  ...[0, -1, 1.5, NaN, "2"].map((concurrency): BadCall => ({
    call: `mapConcurrent([1], fn, { concurrency: ${String(concurrency)} })`,
    make: () => mapConcurrent([1], fn, { concurrency: anything(concurrency) }),
    error: RangeError,
    says: new RegExp(
      `mapConcurrent\\(\\): concurrency is a positive integer or Infinity, got "?${concurrency}`,
    ),
  })),
  {
    call: "mapConcurrent(5, fn)",
    make: () => mapConcurrent(anything(5), fn),
    error: TypeError,
    says: /iterable.*got 5/,
  },
  {
    call: "mapConcurrent([1])",
    make: () => mapConcurrent([1], anything(undefined)),
    error: TypeError,
    says: /mapConcurrent\(\) takes a function, got undefined/,
  },
  {
    call: "the first step over asCompleted([1])",
    make: () =>
      asCompleted([anything(1)])
        [Symbol.asyncIterator]()
        .next(),
    error: TaskGroupError,
    says: /asCompleted\(\) takes a function, got 1/,
  },

  // Runs and backends.
  {
    call: "run(a promise)",
    make: () => run(anything(promise), { backend }),
    error: TypeError,
    says: /run\(\).*\(\) => work\(\)/,
  },
  {
    call: "run(fn, { name: 5 })",
    make: () => run(fn, { backend, name: anything(5) }),
    error: TypeError,
    says: /run\(\): name is a string, got 5/,
  },
  {
    call: "run(fn, { signal: 5 })",
    make: () => run(fn, { backend, signal: anything(5) }),
    error: TypeError,
    says: /run\(\): signal is an AbortSignal, got 5/,
  },
  {
    call: "run(fn, { instruments: {} })",
    make: () => run(fn, { backend, instruments: anything({}) }),
    error: TypeError,
    says: /instruments is an array.*got/,
  },
  {
    call: 'run(fn, { instruments: ["log"] })',
    make: () => run(fn, { backend, instruments: anything(["log"]) }),
    error: TypeError,
    says: /instruments is an array of objects.*got "log"/,
  },
  {
    call: 'run(fn, { signals: "SIGINT" })',
    make: () => run(fn, { backend, signals: anything("SIGINT") }),
    error: TypeError,
    says: /signals is an array.*got "SIGINT"/,
  },
  {
    call: 'run(fn, { signals: ["SIGFOO"] })',
    make: () => run(fn, { backend, signals: ["SIGUSR2", "SIGFOO"] }),
    error: RangeError,
    says: /"SIGFOO".*"SIGINT"/,
  },
  {
    call: "run(fn, { signals: [2] })",
    make: () => run(fn, { backend, signals: anything([2]) }),
    error: RangeError,
    says: /signal is called 2.*"SIGINT"/,
  },
  {
    call: 'run(fn, { signals: ["SIGKILL"] })',
    make: () => run(fn, { backend, signals: ["SIGUSR2", "SIGKILL"] }),
    error: RangeError,
    says: /SIGKILL/,
  },
  {
    call: "run(fn, { backend: 5 })",
    make: () => run(fn, { backend: anything(5) }),
    error: UsageError,
    says: /no backend.*no object/,
  },
  {
    call: "run(fn, { backend: { now } })",
    make: () => run(fn, { backend: anything({ now: () => 0 }) }),
    error: UsageError,
    says: /lacks name, capabilities, setTimer\(\), reschedule\(\), spawn\(\), run\(\)/,
  },
  {
    call: 'run(fn, { backend: "nosuch" }) with the core alone',
    make: () => run(fn, { backend: "nosuch" }),
    error: BackendNotFoundError,
    says: /"nosuch".*import from "anywhen", or pass a backend object/,
  },
  {
    call: 'configure({ backend: "nosuch" }) with the core alone',
    make: () => configure({ backend: "nosuch" }),
    error: BackendNotFoundError,
    says: /"nosuch".*import from "anywhen"/,
  },
  {
    call: "configure({ backend: {} })",
    make: () => configure({ backend: anything({}) }),
    error: UsageError,
    says: /no backend.*lacks name/,
  },
];

const throwing: readonly BadCall[] = [
  {
    call: "new CancelScope({ deadline: NaN })",
    make: () => new CancelScope({ deadline: NaN }),
    error: RangeError,
    says: /CancelScope: deadline.*NaN/,
  },
  {
    call: 'new CancelScope({ shield: "yes" })',
    make: () => new CancelScope({ shield: anything("yes") }),
    error: TypeError,
    says: /shield is true or false, got "yes"/,
  },
  {
    call: "new CancelScope({ name: {} })",
    make: () => new CancelScope({ name: anything({}) }),
    error: TypeError,
    says: /name is a string, got an object \(Object\)/,
  },
  {
    call: "scope.deadline = NaN",
    make: ({ scope }) => (scope.deadline = NaN),
    error: RangeError,
    says: /CancelScope\.deadline.*NaN/,
  },
  {
    call: "scope.deadline = undefined",
    make: ({ scope }) => (scope.deadline = anything(undefined)),
    error: TypeError,
    says: /CancelScope\.deadline.*undefined/,
  },
  {
    call: "scope.shield = 0",
    make: ({ scope }) => (scope.shield = anything(0)),
    error: TypeError,
    says: /shield is true or false, got 0/,
  },
  {
    call: "tg.startSoon(a promise)",
    make: ({ tg }) => tg.startSoon(anything(promise)),
    error: TypeError,
    says: /startSoon\(\).*\(\) => work\(\)/,
  },
  {
    call: "tg.startSoon()",
    make: ({ tg }) => tg.startSoon(anything(undefined)),
    error: TypeError,
    says: /startSoon\(\).*got undefined/,
  },
  {
    call: "tg.startSoon(fn, { name: 5 })",
    make: ({ tg }) => tg.startSoon(fn, { name: anything(5) }),
    error: TypeError,
    says: /startSoon\(\): name is a string, got 5/,
  },
  ...[0, 1.5, NaN].map((concurrency): BadCall => ({
    call: `asCompleted([fn], { concurrency: ${concurrency} })`,
    make: () => asCompleted([fn], { concurrency }),
    error: RangeError,
    says: new RegExp(`asCompleted\\(\\): concurrency.*got ${concurrency}`),
  })),
  {
    call: "asCompleted(5)",
    make: () => asCompleted(anything(5)),
    error: TypeError,
    says: /asCompleted\(\) takes an iterable.*got 5/,
  },
  {
    call: "detached(5)",
    make: () => detached(anything(5)),
    error: TypeError,
    says: /detached\(\) takes a function, got 5/,
  },
  {
    call: "detached(a promise)",
    make: () => detached(anything(promise)),
    error: TypeError,
    says: /\(\) => work\(\)/,
  },
  {
    call: "detached(an object without a prototype)",
    make: () => detached(anything(Object.create(null))),
    error: TypeError,
    says: /detached\(\) takes a function, got an object/,
  },
  {
    call: "new ContextVar(5)",
    make: () => new ContextVar(anything(5)),
    error: TypeError,
    says: /ContextVar: name is a string, got 5/,
  },
];

interface Books {
  readonly spawned: number;
  readonly timers: number;
  readonly tasks: number;
  readonly listeners: number;
  readonly ran: number;
}

/** Makes the call inside a run and compares what there is before and after. */
async function inARun(
  check: (given: { tg: TaskGroup; scope: Scope }) => Promise<void>,
): Promise<void> {
  const { backend: watched, counts } = counted(backend);
  const books = (): Books => ({
    spawned: counts.spawned,
    timers: counts.timersSet,
    tasks: runningTasks().length,
    listeners: process.listenerCount("SIGUSR2"),
    ran,
  });
  await run(
    () =>
      cancelScope(
        async (scope) => {
          await taskGroup(async (tg) => {
            const before = books();
            await check({ tg, scope });
            expect(books(), "nothing is half started").toEqual(before);
          });
          expect(scope.deadline).toBe(Infinity);
          expect(scope.shield).toBe(false);
        },
        { name: "given" },
      ),
    { backend: watched },
  );
}

function thrownBy(make: () => unknown): unknown {
  try {
    make();
  } catch (error) {
    return error;
  }
  throw new Error("it did not throw");
}

describe("a promise-returning function rejects, and starts nothing", () => {
  test.each(rejecting)("$call", ({ make, error, says }) =>
    inARun(async (given) => {
      const result = make(given);
      expect(result).toBeInstanceOf(Promise);
      const [settled] = await Promise.allSettled([result]);
      const reason: unknown = (settled as PromiseRejectedResult).reason;
      expect(reason).toBeInstanceOf(error);
      expect((reason as Error).message).toMatch(says);
    }),
  );
});

describe("any other function throws, and starts nothing", () => {
  test.each(throwing)("$call", ({ make, error, says }) =>
    inARun(async (given) => {
      const thrown = thrownBy(() => make(given));
      expect(thrown).toBeInstanceOf(error);
      expect((thrown as Error).message).toMatch(says);
    }),
  );
});

describe("values at the edge of what is allowed", () => {
  test.each([-Infinity, -1, -0, 0])("a sleep of %s is a checkpoint", async (ms) => {
    const { backend: watched, counts } = counted(backend);
    await run(() => sleep(ms), { backend: watched });
    expect(counts.timersSet).toBe(0);
  });

  test.each([-Infinity, -1, 0])("a timeout of %s has passed already", async (ms) => {
    const { backend: watched, counts } = counted(backend);
    const value = await run(() => moveOnAfter(ms, () => sleep(1_000).then(() => "late")), {
      backend: watched,
    });
    expect(value).toBeUndefined();
    expect(counts.timersSet).toBe(0);
  });

  test.each([Infinity, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 2 ** 31, 2 ** 53])(
    "a timeout of %s has not passed",
    async (ms) => {
      expect(
        await run(() => moveOnAfter(ms, async () => await sleep(1).then(() => "in time")), {
          backend,
        }),
      ).toBe("in time");
    },
  );

  test("C3: any reason will do, also one that cannot be turned into a string", async () => {
    const hostile = {
      toString(): string {
        throw new Error("no string");
      },
    };
    const reasons: unknown[] = [
      undefined,
      null,
      0,
      "",
      Symbol("s"),
      5n,
      hostile,
      Object.create(null),
      NaN,
      [],
      fn,
    ];
    await run(
      async () => {
        for (const reason of reasons) {
          const scope = new CancelScope();
          await scope.run(async () => {
            scope.cancel(reason);
            await sleep(1);
          });
          expect(scope.cancelReason).toBe(reason);
          expect(scope.cancelledCaught).toBe(true);
        }
      },
      { backend },
    );
  });

  test.each([undefined, null, 0, "", "text", Symbol("s"), 5n, Object.create(null) as unknown])(
    "T9: a task may throw what is no error: case %#",
    async (thrown) => {
      const work = run(
        () =>
          taskGroup((tg) => {
            tg.startSoon(() => {
              throw thrown;
            });
          }),
        { backend },
      );
      const error = (await work.catch((caught: unknown) => caught)) as AggregateError;
      expect(error.errors).toEqual([thrown]);
      expect(typeof error.message).toBe("string");
      expect(typeof error.stack).toBe("string");
    },
  );

  test("a handle tells a failure with what is no error, too", async () => {
    const hostile: unknown = Object.create(null);
    await run(
      () =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(() => {
            throw hostile;
          });
          await expect(handle.result()).rejects.toMatchObject({
            code: "ERR_TASK_FAILED",
            cause: hostile,
          });
        }).catch(() => {}),
      { backend },
    );
  });

  test("missingFromBackend() says what an object lacks, and finds nothing wrong with a backend", () => {
    expect(missingFromBackend(backend)).toEqual([]);
    expect(missingFromBackend(null)).toEqual(["everything: it is no object"]);
    expect(missingFromBackend(() => backend)).toEqual(["everything: it is no object"]);
    expect(missingFromBackend({ ...backend, capabilities: null })).toEqual(["capabilities"]);
    expect(missingFromBackend({ ...backend, spawn: 5 })).toEqual(["spawn()"]);
  });
});
