import { EventEmitter, on } from "node:events";
import { Readable } from "node:stream";
import {
  BrokenResourceError,
  Cancelled,
  CancelScope,
  cancelScope,
  checkpoint,
  ClosedResourceError,
  EndOfStream,
  fromReadable,
  memoryStream,
  moveOnAfter,
  pipe,
  type ReceiveStream,
  ScopeClosedError,
  sleep,
  sleepForever,
  taskGroup,
  toReadable,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { withVirtualTime } from "@anywhen/testing";
import { describe, expect, test } from "vitest";

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** 0, 1, 2, … for ever, and what became of it. */
class Counter {
  pulled = 0;
  cancelled = 0;

  readable(): ReadableStream<number> {
    return new ReadableStream<number>(
      {
        pull: (controller) => controller.enqueue(this.pulled++),
        cancel: () => void this.cancelled++,
      },
      { highWaterMark: 0 },
    );
  }

  async *generator(): AsyncGenerator<number> {
    try {
      for (;;) yield this.pulled++;
    } finally {
      this.cancelled++;
    }
  }

  node(): Readable {
    const readable = new Readable({
      objectMode: true,
      highWaterMark: 1,
      read: () => void setImmediate(() => readable.push(this.pulled++)),
      destroy: (error, callback) => {
        this.cancelled++;
        callback(error);
      },
    });
    return readable;
  }
}
let counter = new Counter();

const sources = [
  ["a ReadableStream", () => counter.readable()],
  ["an async generator", () => counter.generator()],
  ["a Node Readable", () => counter.node() as AsyncIterable<number>],
] as const;

describe.each(sources)("fromReadable() of %s", (name, make) => {
  const create = (): ReceiveStream<number> => {
    counter = new Counter();
    return fromReadable<number>(make());
  };

  test("receives its items in order", () =>
    withVirtualTime(async () => {
      await using stream = create();
      expect([await stream.receive(), await stream.receive(), await stream.receive()]).toEqual([
        0, 1, 2,
      ]);
    }));

  test("asks for no item before somebody waits for one", () =>
    withVirtualTime(async () => {
      await using stream = create();
      await nextTurn();
      expect(counter.pulled).toBe(0);
      await stream.receive();
      if (name !== "a Node Readable") expect(counter.pulled).toBe(1);
    }));

  test("stops it on close(), which is idempotent, and then throws ClosedResourceError", () =>
    withVirtualTime(async () => {
      const stream = create();
      await stream.receive();
      await stream.close();
      await stream.close();
      await nextTurn();
      expect(counter.cancelled).toBe(1);
      await expect(stream.receive()).rejects.toThrow(ClosedResourceError);
    }));

  test("stops it when a loop is left early", () =>
    withVirtualTime(async () => {
      const stream = create();
      for await (const item of stream) if (item === 2) break;
      await nextTurn();
      expect(counter.cancelled).toBe(1);
      await expect(stream.receive()).rejects.toThrow(ClosedResourceError);
    }));

  test("is a checkpoint that takes nothing in a cancelled scope", () =>
    withVirtualTime(async () => {
      await using stream = create();
      await cancelScope(async (scope) => {
        scope.cancel();
        await expect(stream.receive()).rejects.toThrow(Cancelled);
      });
      expect(await stream.receive()).toBe(0);
    }));

  test("loses no item to a receiver that is cancelled while it waits", () =>
    withVirtualTime(async () => {
      await using stream = create();
      await stream.receive();
      const scope = new CancelScope();
      const cancelled = scope.run(() => stream.receive());
      scope.cancel();
      expect(await cancelled).toBeUndefined();
      await nextTurn();
      expect(await stream.receive()).toBe(1);
    }));

  test("serves several receivers first come, first served", () =>
    withVirtualTime(async () => {
      await using stream = create();
      expect(await Promise.all([stream.receive(), stream.receive(), stream.receive()])).toEqual([
        0, 1, 2,
      ]);
    }));

  test("makes a receiver that waits when it is closed throw ClosedResourceError", () =>
    withVirtualTime(async () => {
      const stream = create();
      const waiting = stream.receive();
      const closed = stream.close();
      await expect(waiting).rejects.toThrow(ClosedResourceError);
      await closed;
    }));
});

describe("fromReadable()", () => {
  test("ends with EndOfStream for ever, and then closes nothing", () =>
    withVirtualTime(async () => {
      const stream = fromReadable(
        (async function* () {
          yield 1;
        })(),
      );
      expect(await all(stream)).toEqual([1]);
      await expect(stream.receive()).rejects.toThrow(EndOfStream);
      await expect(stream.receive()).rejects.toThrow(EndOfStream);
      await stream.close();
    }));

  test("leaves whoever closes it as busy as it was, although a wait of its generator ends with it", () =>
    withVirtualTime(async () => {
      const stream = fromReadable(
        (async function* () {
          await sleepForever();
          yield 1;
        })(),
      );
      await taskGroup(async (tg) => {
        tg.startSoon(() => stream.receive().catch(() => {}));
        await waitAllTasksBlocked();
        await stream.close();
        // The virtual clock moves only if nobody is taken for busy, or for waiting, who is not.
        let slept = false;
        tg.startSoon(() => sleep(10).then(() => (slept = true)));
        await waitAllTasksBlocked();
        expect(slept).toBe(false);
        await sleep(20);
        expect(slept).toBe(true);
      });
    }));

  test("throws the source's error, the same one for ever", () =>
    withVirtualTime(async () => {
      const boom = new Error("boom");
      const failing = [
        (async function* () {
          yield 1;
          throw boom;
        })(),
        toReadable(
          fromReadable(
            (async function* () {
              yield 1;
              throw boom;
            })(),
          ),
        ),
        Readable.from(
          (async function* () {
            yield 1;
            throw boom;
          })(),
        ) as AsyncIterable<number>,
      ];
      for (const source of failing) {
        const stream = fromReadable<number>(source);
        expect(await stream.receive()).toBe(1);
        await expect(stream.receive()).rejects.toBe(boom);
        await expect(stream.receive()).rejects.toBe(boom);
        await stream.close();
      }
    }));

  test("keeps a generator alive that waits when its receiver's time runs out", () =>
    withVirtualTime(async () => {
      await using stream = fromReadable(
        (async function* () {
          await sleep(50);
          yield "late";
        })(),
      );
      expect(await moveOnAfter(20, () => stream.receive())).toBeUndefined();
      expect(await stream.receive()).toBe("late");
    }));

  test("cancels a generator that waits when the stream is closed, and awaits its cleanup", () =>
    withVirtualTime(async () => {
      const log: string[] = [];
      const stream = fromReadable(
        (async function* () {
          try {
            await sleepForever();
            yield 1;
          } finally {
            log.push("cleaned up");
          }
        })(),
      );
      const waiting = expect(stream.receive()).rejects.toThrow(ClosedResourceError);
      await stream.close();
      expect(log).toEqual(["cleaned up"]);
      await waiting;
    }));

  test("lets a generator clean up with waits when it is closed between two items", () =>
    withVirtualTime(async () => {
      const log: string[] = [];
      const stream = fromReadable(
        (async function* () {
          try {
            yield 1;
          } finally {
            await sleep(10);
            log.push("cleaned up");
          }
        })(),
      );
      await stream.receive();
      await stream.close();
      expect(log).toEqual(["cleaned up"]);
    }));

  test("passes on what the source's cleanup throws", () =>
    withVirtualTime(async () => {
      const boom = new Error("boom");
      const stream = fromReadable(
        (async function* () {
          try {
            yield 1;
          } finally {
            // oxlint-disable-next-line no-unsafe-finally
            throw boom;
          }
        })(),
      );
      await stream.receive();
      await expect(stream.close()).rejects.toBe(boom);
    }));

  test("stops an iterator that settles a pending next() only when it hears return()", () =>
    withVirtualTime(async () => {
      const emitter = new EventEmitter();
      const stream = fromReadable<number[]>(on(emitter, "item"));
      const waiting = expect(stream.receive()).rejects.toThrow(ClosedResourceError);
      await stream.close();
      await waiting;
      expect(emitter.listenerCount("item")).toBe(0);
    }));

  test("does not take the generator's own cancellation for an error of close()", () =>
    withVirtualTime(async () => {
      const stream = fromReadable<number>({
        [Symbol.asyncIterator]: () => ({
          next: () => sleepForever(),
          return: () => sleepForever(),
        }),
      });
      const waiting = expect(stream.receive()).rejects.toThrow(ClosedResourceError);
      await stream.close();
      await waiting;
    }));

  test("takes iterators that have no return()", () =>
    withVirtualTime(async () => {
      let item = 0;
      const stream = fromReadable<number>({
        [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: item++ }) }),
      });
      expect(await stream.receive()).toBe(0);
      await stream.close();
    }));

  test("rejects what is no source, and what is locked", () => {
    expect(() => fromReadable(5 as never)).toThrow(TypeError);
    expect(() => fromReadable({} as never)).toThrow(TypeError);
    const locked = new ReadableStream<number>();
    locked.getReader();
    expect(() => fromReadable(locked)).toThrow(TypeError);
  });
});

describe("toReadable()", () => {
  test("gives the items, and closes at the end", () =>
    withVirtualTime(async () => {
      const [send, receive] = memoryStream<number>(3);
      for (const item of [1, 2, 3]) send.sendNowait(item);
      await send.close();
      expect(await all(toReadable(receive))).toEqual([1, 2, 3]);
      expect(receive.statistics().openReceiveStreams).toBe(0);
    }));

  test("receives nothing before somebody reads, and then one item at a time", () =>
    withVirtualTime(async () => {
      const [send, receive] = memoryStream<number>(3);
      for (const item of [1, 2, 3]) send.sendNowait(item);
      const reader = toReadable(receive).getReader();
      await nextTurn();
      expect(send.statistics().currentBufferUsed).toBe(3);
      expect(await reader.read()).toEqual({ done: false, value: 1 });
      await nextTurn();
      expect(send.statistics().currentBufferUsed).toBe(2);
      await reader.cancel();
      await send.close();
    }));

  test("closes the source when it is cancelled, also where it waits for an item", () =>
    withVirtualTime(async () => {
      const [send, receive] = memoryStream<number>();
      const reader = toReadable(receive).getReader();
      const reading = reader.read();
      await waitAllTasksBlocked();
      await reader.cancel();
      expect(await reading).toEqual({ done: true, value: undefined });
      await expect(send.send(1)).rejects.toThrow(BrokenResourceError);
      await send.close();
    }));

  test("fails with the source's error, the same one", () =>
    withVirtualTime(async () => {
      const boom = new Error("boom");
      const source = fromReadable(
        (async function* () {
          yield await Promise.reject<number>(boom);
        })(),
      );
      await expect(toReadable(source).getReader().read()).rejects.toBe(boom);
    }));

  test("fails with Cancelled and closes the source when its scope is cancelled, whoever reads", () =>
    withVirtualTime(async () => {
      const [send, receive] = memoryStream<number>();
      let reading: Promise<unknown> | undefined;
      await taskGroup(async (tg) => {
        tg.startSoon(async () => {
          const reader = toReadable(receive).getReader();
          reading = reader.read();
          await expect(reading).rejects.toThrow(Cancelled);
        });
        await waitAllTasksBlocked();
        tg.cancel();
      });
      await expect(reading).rejects.toThrow(Cancelled);
      await nextTurn();
      await expect(send.send(1)).rejects.toThrow(BrokenResourceError);
      await send.close();
    }));

  test("fails with ScopeClosedError when it is read after its scope has ended", () =>
    withVirtualTime(async () => {
      const [send, receive] = memoryStream<number>(1);
      const readable = await cancelScope(() => ({ stream: toReadable(receive) }));
      await expect(readable?.stream.getReader().read()).rejects.toThrow(ScopeClosedError);
      await send.close();
    }));
});

describe("pipe()", () => {
  test("moves every item and closes both streams", () =>
    withVirtualTime(async () => {
      const [send, source] = memoryStream<number>(3);
      const [target, receive] = memoryStream<number>(3);
      for (const item of [1, 2, 3]) send.sendNowait(item);
      await send.close();
      await pipe(source, target);
      expect(await all(receive)).toEqual([1, 2, 3]);
      expect(source.statistics().openReceiveStreams).toBe(0);
      await receive.close();
    }));

  test("takes the next item only when the last one has been taken", () =>
    withVirtualTime(async () => {
      const [send, source] = memoryStream<number>(9);
      const [target, receive] = memoryStream<number>();
      for (const item of [1, 2, 3]) send.sendNowait(item);
      await send.close();
      await taskGroup(async (tg) => {
        tg.startSoon(() => pipe(source, target));
        await waitAllTasksBlocked();
        expect(send.statistics().currentBufferUsed).toBe(2);
        expect(await all(receive)).toEqual([1, 2, 3]);
      });
      await receive.close();
    }));

  test("throws the source's error and closes the target", () =>
    withVirtualTime(async () => {
      const boom = new Error("boom");
      const source = fromReadable<number>(new ReadableStream({ start: (c) => c.error(boom) }));
      const [target, receive] = memoryStream<number>();
      await expect(pipe(source, target)).rejects.toBe(boom);
      await expect(receive.receive()).rejects.toThrow(EndOfStream);
      await receive.close();
    }));

  test("stops the source when the target broke", () =>
    withVirtualTime(async () => {
      counter = new Counter();
      const [target, receive] = memoryStream<number>();
      await receive.close();
      await expect(pipe(fromReadable(counter.generator()), target)).rejects.toThrow(
        BrokenResourceError,
      );
      expect(counter.cancelled).toBe(1);
    }));

  test("closes both streams when it is cancelled, and awaits the source's cleanup", () =>
    withVirtualTime(async () => {
      const log: string[] = [];
      const [target, receive] = memoryStream<number>();
      await moveOnAfter(10, () =>
        pipe(
          fromReadable(
            (async function* () {
              try {
                await sleepForever();
                yield 1;
              } finally {
                log.push("cleaned up");
              }
            })(),
          ),
          target,
        ),
      );
      expect(log).toEqual(["cleaned up"]);
      await expect(receive.receive()).rejects.toThrow(EndOfStream);
      await receive.close();
    }));

  test("throws what closing throws, if nothing else went wrong", () =>
    withVirtualTime(async () => {
      const boom = new Error("boom");
      const [send, source] = memoryStream<number>();
      await send.close();
      const target = {
        send: () => checkpoint(),
        close: () => Promise.reject(boom),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
      await expect(pipe(source, target)).rejects.toBe(boom);
    }));
});
