import {
  BrokenResourceError,
  ClosedResourceError,
  EndOfStream,
  Event,
  memoryStream,
  moveOnAfter,
  pipe,
  type ReceiveStream,
  run,
  sleep,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { Cause, Context, Data, Effect, Exit, Fiber, Queue, Stream } from "effect";
import { describe, expect, test } from "vitest";
import {
  effectBackend,
  fromEffect,
  fromQueue,
  fromStream,
  toEffect,
  toQueue,
  toStream,
} from "../src/index.ts";

const inTask = <T>(body: () => Promise<T>): Promise<T> => run(body, { backend: effectBackend() });

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}

async function caught(body: () => unknown): Promise<unknown> {
  try {
    await body();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

class Broken extends Data.TaggedError("Broken")<{ readonly at: number }> {}

describe("toStream", () => {
  test("passes items on in order and ends where the sender does", async () => {
    const items = await Effect.runPromise(
      Effect.gen(function* () {
        const [send, receive] = memoryStream<number>(2);
        yield* Effect.forkChild(
          toEffect(async () => {
            for (let item = 0; item < 6; item++) await send.send(item);
            await send.close();
          }),
        );
        return yield* toStream(receive).pipe(
          Stream.map((item) => item * 2),
          Stream.runCollect,
        );
      }),
    );
    expect(items).toEqual([0, 2, 4, 6, 8, 10]);
  });

  test("receives an item only when the consumer wants one", async () => {
    const sent: number[] = [];
    await Effect.runPromise(
      Effect.gen(function* () {
        const [send, receive] = memoryStream<number>(0);
        const producer = yield* Effect.forkChild(
          toEffect(
            async () => {
              for (let item = 0; ; item++) {
                await send.send(item);
                sent.push(item);
              }
            },
            { catch: (error) => error },
          ),
        );
        const taken = yield* toStream(receive).pipe(Stream.take(2), Stream.runCollect);
        expect(taken).toEqual([0, 1]);
        const error = yield* Effect.flip(Fiber.join(producer));
        expect(error).toBeInstanceOf(BrokenResourceError);
      }),
    );
    expect(sent).toEqual([0, 1]);
  });

  test("K2 an interruption while it waits loses no item", async () => {
    const [send, receive] = memoryStream<string>(1);
    const kept = receive.clone();
    const consumer = Effect.runFork(Stream.runDrain(toStream(receive)));
    while (kept.statistics().tasksWaitingReceive === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Effect.runPromise(Fiber.interrupt(consumer));
    send.sendNowait("item");
    expect(kept.receiveNowait()).toBe("item");
  });

  test("closes the source however it is left", async () => {
    const [send, receive] = memoryStream<number>(3);
    for (const item of [1, 2, 3]) send.sendNowait(item);
    const failing = toStream(receive).pipe(Stream.mapEffect(() => Effect.fail("no")));
    await Effect.runPromiseExit(Stream.runDrain(failing));
    expect(send.statistics().openReceiveStreams).toBe(0);
  });

  test("an error of the source is a defect, or the failure that the mapping knows", async () => {
    const source = (thrown: unknown): ReceiveStream<never> => ({
      receive: () => Promise.reject(thrown),
      close: () => Promise.resolve(),
      [Symbol.asyncDispose]: () => Promise.resolve(),
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(thrown) }),
    });
    const error = new Broken({ at: 1 });
    const plain = await Effect.runPromiseExit(Stream.runDrain(toStream(source(error))));
    expect(Exit.isFailure(plain) && Cause.hasDies(plain.cause)).toBe(true);
    const mapped = await Effect.runPromiseExit(
      Stream.runDrain(
        toStream(source(error), {
          catch: (thrown) => (thrown instanceof Broken ? thrown : undefined),
        }),
      ),
    );
    expect(Exit.isFailure(mapped) && Cause.squash(mapped.cause)).toBe(error);
  });
});

describe("fromStream", () => {
  test("passes items on in order, over chunks, and ends where the stream does", async () => {
    const stream = Stream.range(1, 5).pipe(
      Stream.mapEffect((item) => Effect.as(Effect.sleep(1), item * 10)),
    );
    expect(await inTask(() => all(fromStream(stream)))).toEqual([10, 20, 30, 40, 50]);
    expect(await inTask(() => all(fromStream(Stream.range(1, 5000))))).toHaveLength(5000);
    expect(await inTask(() => all(fromStream(Stream.empty)))).toEqual([]);
  });

  test("begins with the first receive and produces only on demand", async () => {
    const produced: number[] = [];
    const stream = Stream.range(1, 100).pipe(
      Stream.rechunk(1),
      Stream.tap((item) => Effect.sync(() => produced.push(item))),
    );
    await inTask(async () => {
      await using receive = fromStream(stream);
      await sleep(1);
      expect(produced).toEqual([]);
      await receive.receive();
      await receive.receive();
      await sleep(1);
      expect(produced).toEqual([1, 2]);
    });
  });

  test("leaving a loop early runs the finalizers before the loop is left", async () => {
    const log: unknown[] = [];
    const stream = Stream.range(1, 1e9).pipe(
      Stream.ensuring(
        Effect.andThen(
          Effect.sleep(5),
          Effect.sync(() => log.push("finalized")),
        ),
      ),
    );
    await inTask(async () => {
      for await (const item of fromStream(stream)) {
        if (item < 3) continue;
        log.push(item);
        break;
      }
      log.push("left");
    });
    expect(log).toEqual([3, "finalized", "left"]);
  });

  test("closing it while it waits interrupts the stream and waits for its finalizers", async () => {
    const log: string[] = [];
    const stream = Stream.never.pipe(
      Stream.ensuring(
        Effect.andThen(
          Effect.sleep(5),
          Effect.sync(() => log.push("finalized")),
        ),
      ),
    );
    await inTask(() =>
      taskGroup(async (tg) => {
        const receive = fromStream(stream);
        tg.startSoon(async () => {
          expect(await caught(() => receive.receive())).toBeInstanceOf(ClosedResourceError);
        });
        await waitAllTasksBlocked();
        await receive.close();
        log.push("closed");
      }),
    );
    expect(log).toEqual(["finalized", "closed"]);
  });

  test("K2 a cancelled receive loses no item, also where the stream is at work on one", async () => {
    const stream = Stream.range(1, 3).pipe(
      Stream.mapEffect((item) => Effect.as(Effect.sleep(20), item)),
    );
    const items = await inTask(async () => {
      await using receive = fromStream(stream);
      expect(await moveOnAfter(5, () => receive.receive())).toBe(undefined);
      return await all(receive);
    });
    expect(items).toEqual([1, 2, 3]);
  });

  test("its failure is thrown as the same object, after the items before it, and it is finalized", async () => {
    const failure = new Broken({ at: 2 });
    const log: unknown[] = [];
    const stream = Stream.concat(Stream.make(1), Stream.fail(failure)).pipe(
      Stream.onExit((exit) => Effect.sync(() => log.push(Exit.isFailure(exit)))),
    );
    await inTask(async () => {
      const receive = fromStream(stream);
      log.push(await receive.receive());
      log.push(await caught(() => receive.receive()));
    });
    expect(log).toEqual([1, true, failure]);
  });

  test("runs in the context of the task that made it, whoever receives", async () => {
    class Prefix extends Context.Service<Prefix, { readonly text: string }>()("Prefix") {}
    const stream = Stream.fromEffect(
      Effect.map(Prefix, ({ text }) => text),
    ) as Stream.Stream<string>;
    const items = await Effect.runPromise(
      toEffect(
        () =>
          taskGroup(async (tg) => {
            const receive = fromStream(stream);
            const handle = tg.startSoon(() => all(receive));
            return handle.result();
          }),
        { services: [Prefix] },
      ).pipe(Effect.provideService(Prefix, { text: "from the caller" })),
    );
    expect(items).toEqual(["from the caller"]);
  });

  test("goes through pipe() into a stream of ours, with back-pressure", async () => {
    const produced: number[] = [];
    const first = new Event();
    const stream = Stream.range(1, 4).pipe(
      Stream.rechunk(1),
      Stream.tap((item) =>
        Effect.sync(() => {
          produced.push(item);
          first.set();
        }),
      ),
    );
    await inTask(() =>
      taskGroup(async (tg) => {
        const [send, receive] = memoryStream<number>(0);
        tg.startSoon(() => pipe(fromStream(stream), send));
        await first.wait();
        await waitAllTasksBlocked();
        expect(produced).toEqual([1]);
        expect(await all(receive)).toEqual([1, 2, 3, 4]);
      }),
    );
  });
});

describe("fromQueue", () => {
  test("takes one item at a time, and ends where the queue was ended", async () => {
    await inTask(async () => {
      const queue = await fromEffect(Queue.unbounded<number, Cause.Done>());
      await fromEffect(Queue.offerAll(queue, [1, 2, 3]));
      const receive = fromQueue(queue);
      expect(await receive.receive()).toBe(1);
      expect(Queue.sizeUnsafe(queue)).toBe(2);
      Queue.endUnsafe(queue);
      expect(await all(receive)).toEqual([2, 3]);
      expect(await caught(() => receive.receive())).toBeInstanceOf(EndOfStream);
    });
  });

  test("K2 a cancelled receive takes nothing", async () => {
    await inTask(async () => {
      const queue = await fromEffect(Queue.unbounded<string>());
      const receive = fromQueue(queue);
      expect(await moveOnAfter(5, () => receive.receive())).toBe(undefined);
      await fromEffect(Queue.offer(queue, "item"));
      expect(await fromEffect(Queue.take(queue))).toBe("item");
    });
  });

  test("throws the queue's failure, and is broken where the queue was shut down", async () => {
    await inTask(async () => {
      const failed = await fromEffect(Queue.unbounded<number, Broken>());
      const failure = new Broken({ at: 0 });
      await fromEffect(Queue.fail(failed, failure));
      expect(await caught(() => fromQueue(failed).receive())).toBe(failure);
      const gone = await fromEffect(Queue.unbounded<number>());
      await fromEffect(Queue.shutdown(gone));
      expect(await caught(() => fromQueue(gone).receive())).toBeInstanceOf(BrokenResourceError);
    });
  });

  test("M6, M7 closing it makes waiting and later calls throw, and leaves the queue alone", async () => {
    await inTask(() =>
      taskGroup(async (tg) => {
        const queue = await fromEffect(Queue.unbounded<number>());
        const receive = fromQueue(queue);
        tg.startSoon(async () => {
          expect(await caught(() => receive.receive())).toBeInstanceOf(ClosedResourceError);
        });
        await waitAllTasksBlocked();
        await receive.close();
        expect(await caught(() => receive.receive())).toBeInstanceOf(ClosedResourceError);
        expect(await fromEffect(Queue.offer(queue, 1))).toBe(true);
      }),
    );
  });
});

describe("toQueue", () => {
  test("waits while the queue is full, and ends the queue when closed", async () => {
    await inTask(() =>
      taskGroup(async (tg) => {
        const queue = await fromEffect(Queue.bounded<number, Cause.Done>(1));
        const send = toQueue(queue);
        const sent: number[] = [];
        const first = new Event();
        tg.startSoon(async () => {
          for (const item of [1, 2, 3]) {
            await send.send(item);
            sent.push(item);
            first.set();
          }
          await send.close();
        });
        await first.wait();
        await waitAllTasksBlocked();
        expect(sent).toEqual([1]);
        expect(await all(fromQueue(queue))).toEqual([1, 2, 3]);
      }),
    );
  });

  test("K2 a cancelled send has put nothing in", async () => {
    await inTask(async () => {
      const queue = await fromEffect(Queue.bounded<string, Cause.Done>(1));
      const send = toQueue(queue);
      await send.send("first");
      await moveOnAfter(5, () => send.send("second"));
      expect(await fromEffect(Queue.take(queue))).toBe("first");
      expect(await moveOnAfter(5, () => fromEffect(Queue.take(queue)))).toBe(undefined);
    });
  });

  test("is broken where the queue was ended or shut down, but not where the queue drops items", async () => {
    await inTask(async () => {
      const ended = await fromEffect(Queue.unbounded<number, Cause.Done>());
      Queue.endUnsafe(ended);
      expect(await caught(() => toQueue(ended).send(1))).toBeInstanceOf(BrokenResourceError);
      const gone = await fromEffect(Queue.unbounded<number, Cause.Done>());
      await fromEffect(Queue.shutdown(gone));
      expect(await caught(() => toQueue(gone).send(1))).toBeInstanceOf(BrokenResourceError);
      const dropping = await fromEffect(Queue.dropping<number, Cause.Done>(1));
      const send = toQueue(dropping);
      await send.send(1);
      await send.send(2);
      expect(await fromEffect(Queue.take(dropping))).toBe(1);
    });
  });

  test("a shut-down queue breaks a send that waits", async () => {
    await inTask(() =>
      taskGroup(async (tg) => {
        const queue = await fromEffect(Queue.bounded<number, Cause.Done>(1));
        const send = toQueue(queue);
        await send.send(1);
        tg.startSoon(async () => {
          expect(await caught(() => send.send(2))).toBeInstanceOf(BrokenResourceError);
        });
        await waitAllTasksBlocked();
        await fromEffect(Queue.shutdown(queue));
      }),
    );
  });
});
