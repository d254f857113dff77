import { AsyncLocalStorage } from "node:async_hooks";
import { cancelScope, EndOfStream, moveOnAfter, run, sleep, taskGroup } from "anywhen";
import {
  concat,
  finalize,
  from,
  interval,
  NEVER,
  type Observable,
  of,
  range,
  Subject,
  take,
  tap,
  throwError,
  VirtualTimeScheduler,
} from "rxjs";
import { describe, expect, test } from "vitest";
import { fromObservable, rxjsBackend, toObservable, type ObservableStream } from "../src/index.ts";
import { eventually } from "./eventually.ts";

async function all<T>(stream: AsyncIterable<T>): Promise<unknown[]> {
  const got: unknown[] = [];
  try {
    for await (const item of stream) got.push(item);
  } catch (error) {
    got.push(error);
  }
  return got;
}

/** Whether the source has been unsubscribed. */
function watched<T>(source: Observable<T>): [Observable<T>, () => boolean] {
  let torn = false;
  return [source.pipe(finalize(() => (torn = true))), () => torn];
}

describe("what finds no room", () => {
  const burst = range(0, 100);

  test.each([
    ["drop-oldest", { capacity: 4, overflow: "drop-oldest" }, [96, 97, 98, 99], 96],
    ["drop-newest", { capacity: 4, overflow: "drop-newest" }, [0, 1, 2, 3], 96],
    ["latest", { overflow: "latest" }, [99], 99],
    ["drop-oldest with no room at all", { capacity: 0, overflow: "drop-oldest" }, [], 100],
  ] as const)("%s", async (_name, options, expected, dropped) => {
    const stream = fromObservable(burst, options);
    expect(stream.statistics().itemsDropped).toBe(dropped);
    expect(await all(stream)).toEqual(expected);
  });

  test("buffer keeps all", async () => {
    expect(await all(fromObservable(burst, { overflow: "buffer" }))).toHaveLength(100);
  });

  test("error is the default: what is in store comes first, and the source is unsubscribed, also within subscribe()", async () => {
    let emitted = 0;
    const [source, torn] = watched(range(0, Infinity).pipe(tap(() => emitted++)));
    const stream = fromObservable(source, { capacity: 3 });
    expect(torn()).toBe(true);
    expect(emitted).toBe(4);
    const got = await all(stream);
    expect(got.slice(0, 3)).toEqual([0, 1, 2]);
    expect(got[3]).toMatchObject({
      code: "ERR_BROKEN_RESOURCE",
      message: expect.stringContaining("its buffer of 3 was full"),
    });
  });

  test("the default has room for 16", async () => {
    expect(await all(fromObservable(range(0, 16)))).toHaveLength(16);
  });

  test("options that make no sense are refused", () => {
    expect(() => fromObservable(NEVER, { overflow: "block" as never })).toThrow(
      'overflow is one of "error", "drop-oldest", "drop-newest", "latest", "buffer", got "block"',
    );
    expect(() => fromObservable(NEVER, { capacity: 1.5 })).toThrow(RangeError);
    expect(() => fromObservable(NEVER, { overflow: "latest", capacity: 2 })).toThrow(TypeError);
    expect(() => fromObservable(NEVER, { overflow: "buffer", capacity: 2 })).toThrow(TypeError);
  });
});

describe("how it ends", () => {
  test("with the source's completion", async () => {
    const stream = fromObservable(of(1));
    expect(await stream.receive()).toBe(1);
    await expect(stream.receive()).rejects.toBeInstanceOf(EndOfStream);
    await expect(stream.receive()).rejects.toBeInstanceOf(EndOfStream);
    await stream.close();
  });

  test("with the source's error, the same object, after the items before it, for ever", async () => {
    const error = new Error("of the source");
    const stream = fromObservable(
      concat(
        of(1, 2),
        throwError(() => error),
      ),
    );
    expect([await stream.receive(), await stream.receive()]).toEqual([1, 2]);
    await expect(stream.receive()).rejects.toBe(error);
    await expect(stream.receive()).rejects.toBe(error);
    await stream.close();
  });

  test("a source that fails while somebody waits wakes it", async () => {
    const source = new Subject<number>();
    const waiting = all(fromObservable(source));
    await sleep(1);
    source.error("the reason");
    expect(await waiting).toEqual(["the reason"]);
  });
});

describe("closing unsubscribes", () => {
  test("by close(), using and await using", async () => {
    const [first, firstTorn] = watched(NEVER);
    await fromObservable(first).close();
    const [second, secondTorn] = watched(NEVER);
    {
      using _ = fromObservable(second);
    }
    const [third, thirdTorn] = watched(NEVER);
    {
      await using _ = fromObservable(third);
    }
    expect([firstTorn(), secondTorn(), thirdTorn()]).toEqual([true, true, true]);
  });

  test("a receive() that waits fails with ClosedResourceError", async () => {
    const stream = fromObservable(NEVER);
    const waiting = stream.receive();
    await stream.close();
    await expect(waiting).rejects.toMatchObject({ code: "ERR_CLOSED_RESOURCE" });
  });

  test("by leaving a loop with break", async () => {
    const [source, torn] = watched(range(0, 5));
    const [hot, hotTorn] = watched(concat(source, NEVER));
    for await (const item of fromObservable(hot)) if (item === 2) break;
    expect([torn(), hotTorn()]).toEqual([true, true]);
  });

  test("by cancelling a loop that waits", async () => {
    const [source, torn] = watched(NEVER);
    await run(() =>
      moveOnAfter(2, async () => {
        for await (const item of fromObservable(source)) expect(item).toBe("never");
      }),
    );
    expect(torn()).toBe(true);
  });

  test("by return() of an iterator that has not been started", async () => {
    const [source, torn] = watched(NEVER);
    await fromObservable(source)[Symbol.asyncIterator]().return?.();
    expect(torn()).toBe(true);
  });

  test("but not by cancelling a receive(), which loses no item", async () => {
    const source = new Subject<string>();
    await using stream = fromObservable(source);
    await run(async () => {
      expect(await moveOnAfter(1, () => stream.receive())).toBeUndefined();
      source.next("later");
      expect(await stream.receive()).toBe("later");
    });
  });
});

test("values of a hot source that come before the first receive() are kept", async () => {
  const source = new Subject<string>();
  await using stream = fromObservable(source, { capacity: 3 });
  source.next("a");
  source.next("b");
  expect(stream.statistics()).toEqual({
    currentBufferUsed: 2,
    maxBufferSize: 3,
    tasksWaitingReceive: 0,
    itemsDropped: 0,
  });
  expect([await stream.receive(), await stream.receive()]).toEqual(["a", "b"]);
});

test("the reader keeps its own async context, whoever produces", async () => {
  const storage = new AsyncLocalStorage<string>();
  const source = new Subject<number>();
  const seen: unknown[] = [];
  source.subscribe(() => seen.push(`plain observer: ${storage.getStore()}`));
  await storage.run("consumer", async () => {
    const reading = (async () => {
      for await (const item of fromObservable(source))
        seen.push(`loop ${item}: ${storage.getStore()}`);
    })();
    storage.run("producer", () => {
      source.next(1);
      source.complete();
    });
    await reading;
  });
  expect(seen).toEqual(["plain observer: producer", "loop 1: consumer"]);
});

test("a stream that is dropped is reported, and unsubscribes when the source emits next", async () => {
  const warnings: unknown[] = [];
  const onWarning = (warning: Error & { code?: string }): void => void warnings.push(warning.code);
  process.on("warning", onWarning);
  const source = new Subject<number>();
  try {
    (() => void fromObservable(source))();
    await eventually(() => {
      globalThis.gc?.();
      return warnings.length > 0;
    });
    expect(source.observed).toBe(true);
    source.next(1);
    expect(source.observed).toBe(false);
    globalThis.gc?.();
    await sleep(2);
    expect(warnings).toEqual(["ANYWHEN_UNCLOSED_STREAM"]);
  } finally {
    process.off("warning", onWarning);
  }
});

test("a stream that only a waiting receive() knows is not taken for dropped", async () => {
  const source = new Subject<number>();
  const waiting = fromObservable(source).receive();
  for (let count = 0; count < 3; count++) {
    globalThis.gc?.();
    await sleep(1);
  }
  source.next(1);
  expect(await waiting).toBe(1);
  source.complete();
});

test("under virtual time a reader and sleepers share one clock", async () => {
  const scheduler = new VirtualTimeScheduler();
  const log: string[] = [];
  await run(
    () =>
      taskGroup((tg) => {
        tg.startSoon(async () => {
          for await (const tick of fromObservable(interval(1_000, scheduler).pipe(take(3)))) {
            log.push(`tick ${tick} at ${scheduler.now()}`);
          }
        });
        tg.startSoon(() => sleep(2_500).then(() => log.push(`slept until ${scheduler.now()}`)));
      }),
    { backend: rxjsBackend({ scheduler }) },
  );
  expect(log).toEqual(["tick 0 at 1000", "tick 1 at 2000", "slept until 2500", "tick 2 at 3000"]);
});

test("there and back again, items and end are the same", async () => {
  const stream: ObservableStream<number> = fromObservable(from([1, 2, 3]));
  expect(await all(fromObservable(toObservable(stream)))).toEqual([1, 2, 3]);
  await stream.close();
});

test("a stream may be read from several scopes", async () => {
  await using stream = fromObservable(of(1, 2));
  await run(async () => {
    const first = await cancelScope(() => stream.receive());
    const second = await cancelScope(() => stream.receive());
    expect([first, second]).toEqual([1, 2]);
  });
});
