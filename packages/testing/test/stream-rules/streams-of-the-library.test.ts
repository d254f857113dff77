import { Readable } from "node:stream";
import {
  backend as makeEffectBackend,
  fromEffect,
  fromQueue,
  fromStream,
  toQueue,
} from "@anywhen/effect";
import { fromObservable } from "@anywhen/rxjs";
import { Broadcast, fromReadable, memoryStream, run } from "anywhen";
import { type Cause, Queue, Stream } from "effect";
import { Subject } from "rxjs";
import { describe, expect, test } from "vitest";
import {
  checkReceiveStream,
  checkSendStream,
  checkStreamPair,
  hookedStream,
  lockstepStreamPair,
  memoryStreamPair,
  type ReceiveSubject,
} from "../../src/index.ts";
import { eachBackend } from "../each-backend.ts";

/** A memory stream of capacity 1 whose place is taken. */
function full(): ReturnType<typeof memoryStream<number>> {
  const pair = memoryStream<number>(1);
  pair[0].sendNowait(99);
  return pair;
}

function overReadableStream(): ReceiveSubject<number> {
  let controller: ReadableStreamDefaultController<number> | undefined;
  const source = new ReadableStream<number>({ start: (its) => void (controller = its) });
  return {
    stream: fromReadable(source),
    put: (item) => controller?.enqueue(item),
    end: () => controller?.close(),
    fail: () => controller?.error(new Error("connection lost")),
  };
}

function overNodeReadable(): ReceiveSubject<number> {
  const source = new Readable({ objectMode: true, read: () => {} });
  return {
    stream: fromReadable<number>(source),
    put: (item) => source.push(item),
    end: () => source.push(null),
    fail: () => source.destroy(new Error("connection lost")),
  };
}

function overGenerator(): ReceiveSubject<number> {
  const [send, receive] = memoryStream<number>(Infinity);
  const source = (async function* () {
    for await (const item of receive) yield item;
  })();
  return {
    stream: fromReadable(source),
    put: (item) => send.sendNowait(item),
    end: () => send.close(),
    dispose: () => Promise.all([send.close(), receive.close()]),
  };
}

describe.each(eachBackend)("on %s", (_, inRun) => {
  test.each([
    ["memoryStream(0)", () => memoryStream<number>(0)],
    ["memoryStream(3)", () => memoryStream<number>(3)],
    ["memoryStream(Infinity)", () => memoryStream<number>(Infinity)],
    ["hookedStream()", () => hookedStream<number>()],
  ])("both ends of %s keep the rules", (_name, make) =>
    inRun(async () => {
      const { checked, skipped } = await checkStreamPair(make, { clogged: full });
      expect(checked).toHaveLength(32);
      expect(skipped).toEqual([
        expect.stringMatching(/^M5: when the source breaks.* \(needs fail\(\)\)$/),
      ]);
    }),
  );

  test.each([
    ["memoryStreamPair()", () => memoryStreamPair<number>()],
    ["lockstepStreamPair()", () => lockstepStreamPair<number>()],
  ])("both directions of %s keep the rules", (_name, make) =>
    inRun(async () => {
      await checkStreamPair(() => {
        const [left, right] = make();
        return [left, right];
      });
      await checkStreamPair(() => {
        const [left, right] = make();
        return [right, left];
      });
    }),
  );

  test("hookedStream(0), in which sends wait, keeps the rules", () =>
    inRun(() =>
      checkStreamPair(() => hookedStream<number>(0), { clogged: () => hookedStream<number>(0) }),
    ));

  test.each([
    ["of capacity 0", {}],
    ["of capacity 3", { capacity: 3 }],
    ["that drops nothing", { capacity: 10, overflow: "drop-oldest" } as const],
  ])("a subscriber %s and its Broadcast keep the rules", (_name, options) =>
    inRun(async () => {
      const make = () => {
        const broadcast = new Broadcast<number>();
        return { broadcast, stream: broadcast.subscribe(options) };
      };
      await checkReceiveStream(() => {
        const { broadcast, stream } = make();
        return {
          stream,
          put: (item) => broadcast.send(item),
          end: () => broadcast.close(),
          dispose: () => broadcast.close(),
        };
      });
      const sendSubject = (lag: number) => () => {
        const broadcast = new Broadcast<number>();
        const receive = broadcast.subscribe({ capacity: lag });
        return { stream: broadcast, take: () => receive.receive(), dispose: () => receive.close() };
      };
      const { skipped } = await checkSendStream(sendSubject(1), { clogged: sendSubject(0) });
      // Without a subscriber a broadcast sends to nobody, and that is no error.
      expect(skipped).toEqual([
        expect.stringMatching(/^M5.*needs leave/),
        expect.stringMatching(/^M5.*needs leave/),
      ]);
    }),
  );

  test.each([
    ["a ReadableStream", overReadableStream],
    ["a Node Readable", overNodeReadable],
    ["an async generator", overGenerator],
  ])("fromReadable() of %s keeps the rules", (_name, make) =>
    inRun(async () => {
      const { skipped } = await checkReceiveStream(make, { afterLoop: "closed" });
      expect(skipped.length).toBe(make === overGenerator ? 1 : 0);
    }),
  );

  test("fromObservable() keeps the rules", () =>
    inRun(() =>
      checkReceiveStream(
        () => {
          const source = new Subject<number>();
          return {
            stream: fromObservable(source, { overflow: "buffer" }),
            put: (item) => source.next(item),
            end: () => source.complete(),
            fail: () => source.error(new Error("connection lost")),
          };
        },
        { afterLoop: "closed" },
      ),
    ));
});

describe("on effect", () => {
  const onEffect = <T>(main: () => Promise<T>) => run(main, { backend: makeEffectBackend() });
  const queueOf = (capacity: number) => fromEffect(Queue.bounded<number, Cause.Done>(capacity));

  test("fromQueue() keeps the rules", () =>
    onEffect(() =>
      checkReceiveStream(async () => {
        const queue = await queueOf(3);
        return {
          stream: fromQueue(queue),
          put: (item) => fromEffect(Queue.offer(queue, item)),
          end: () => Queue.endUnsafe(queue),
          fail: () => fromEffect(Queue.shutdown(queue)),
        };
      }),
    ));

  test("toQueue() keeps the rules", () => {
    const subject = (capacity: number, filled: number[]) => async () => {
      const queue = await queueOf(capacity);
      for (const item of filled) Queue.offerUnsafe(queue, item);
      return {
        stream: toQueue(queue),
        take: () => fromEffect(Queue.take(queue)),
        leave: () => fromEffect(Queue.shutdown(queue)),
      };
    };
    return onEffect(async () => {
      const { skipped } = await checkSendStream(subject(3, []), { clogged: subject(1, [99]) });
      expect(skipped).toEqual([]);
    });
  });

  test("fromStream() keeps the rules", () =>
    onEffect(() =>
      checkReceiveStream(
        async () => {
          const queue = await fromEffect(Queue.unbounded<number, Error | Cause.Done>());
          return {
            stream: fromStream(Stream.fromQueue(queue)),
            put: (item) => Queue.offerUnsafe(queue, item),
            end: () => Queue.endUnsafe(queue),
            fail: () => fromEffect(Queue.fail(queue, new Error("connection lost"))),
          };
        },
        { afterLoop: "closed" },
      ),
    ));
});
