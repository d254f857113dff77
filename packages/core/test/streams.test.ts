import {
  Broadcast,
  CancelScope,
  elapsed,
  Event,
  fromReadable,
  happened,
  memoryStream,
  receiving,
  run,
  select,
  sending,
  toReadable,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { withVirtualTime } from "@anywhen/testing";
import { describe, expect, test } from "vitest";
import { isCollected } from "./collected.ts";
import { Ring } from "../src/stream/ring.ts";

const backend = promiseBackend();

describe("Ring", () => {
  test("keeps the order while it grows and goes round", () => {
    const ring = new Ring<number>();
    const taken: number[] = [];
    let next = 0;
    for (let round = 0; round < 200; round++) {
      for (let count = 0; count < (round % 17) + 2; count++) ring.push(next++);
      for (let count = 0; count < round % 13; count++) taken.push(ring.shift());
    }
    while (ring.size > 0) taken.push(ring.shift());
    expect(taken).toEqual(Array.from({ length: next }, (_, item) => item));
  });

  test("gives its slots back once it is empty after a flood", () => {
    const ring = new Ring<number>();
    const slots = (): number => (ring as unknown as { slots: unknown[] }).slots.length;
    for (let item = 0; item < 5_000; item++) ring.push(item);
    expect(slots()).toBeGreaterThanOrEqual(5_000);
    while (ring.size > 0) ring.shift();
    expect(slots()).toBe(0);
    ring.push(1);
    expect(ring.shift()).toBe(1);
    expect(slots()).toBe(8);
  });
});

describe("what streams keep alive", () => {
  test("an item that was received is held no more", () =>
    run(
      async () => {
        await using ends = new AsyncDisposableEnds(1);
        const reference = ((item: object) => {
          ends.send.sendNowait(item);
          return new WeakRef(ends.receive.receiveNowait());
        })({});
        expect(await isCollected(reference)).toBe(true);
      },
      { backend },
    ));

  test("the item of a sender that was cancelled is held no more", () =>
    run(
      async () => {
        await using ends = new AsyncDisposableEnds(0);
        const reference = await (async () => {
          const item = {};
          const scope = new CancelScope();
          const sending = scope.run(() => ends.send.send(item));
          scope.cancel();
          await sending;
          return new WeakRef(item);
        })();
        expect(await isCollected(reference)).toBe(true);
      },
      { backend },
    ));

  test("items that nobody received are held no more once the last receive end is closed", () =>
    run(
      async () => {
        await using ends = new AsyncDisposableEnds(1);
        const reference = ((item: object) => {
          ends.send.sendNowait(item);
          return new WeakRef(item);
        })({});
        await ends.receive.close();
        expect(await isCollected(reference)).toBe(true);
      },
      { backend },
    ));

  test("a stream that a select waited for is held neither by the others nor by the event", () =>
    run(
      async () => {
        const event = new Event();
        await using ends = new AsyncDisposableEnds(0);
        const reference = await (async () => {
          const [send, receive] = memoryStream<object>();
          const waiting = select({
            other: receiving(receive),
            item: receiving(ends.receive),
            event: happened(event),
            time: elapsed(60_000),
          });
          ends.send.sendNowait({});
          await waiting;
          await send.close();
          await receive.close();
          return new WeakRef(receive);
        })();
        expect(await isCollected(reference)).toBe(true);
      },
      { backend },
    ));
});

class AsyncDisposableEnds {
  readonly send;
  readonly receive;

  constructor(capacity: number) {
    [this.send, this.receive] = memoryStream<object>(capacity);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.send.close();
    await this.receive.close();
  }
}

describe("`using`", () => {
  test("closes either end of a memory stream, with and without await", () =>
    withVirtualTime(async () => {
      const [send, receive] = memoryStream<number>();
      {
        await using _send = send;
        await using _receive = receive;
      }
      expect(send.statistics()).toMatchObject({ openSendStreams: 0, openReceiveStreams: 0 });
      const [other, end] = memoryStream<number>();
      {
        using _send = other;
        using _receive = end;
      }
      expect(other.statistics()).toMatchObject({ openSendStreams: 0, openReceiveStreams: 0 });
    }));
});

describe("queues of streams", () => {
  test("say what their waiters wait for", () =>
    withVirtualTime(async () => {
      const [send, receive] = memoryStream<number>();
      const broadcast = new Broadcast<number>();
      const source = fromReadable<number>(new ReadableStream());
      const { senders, receivers } = send.channel;
      expect(senders.describe()).toBe("room in a memory stream");
      expect(receivers.describe()).toBe("an item of a memory stream");
      const scope = new CancelScope();
      const waiting = scope.run(() => select({ a: receiving(receive), b: elapsed(Infinity) }));
      const selection = scope.firstWait?.queue;
      expect(selection?.describe()).toBe('one of the cases "a", "b" of a select()');
      const receiver = new CancelScope();
      const pulling = receiver.run(() => source.receive());
      expect(receiver.firstWait?.queue?.describe()).toBe("an item of a readable");
      using _ = broadcast.subscribe();
      const sender = new CancelScope();
      const sent = sender.run(() => broadcast.send(1));
      expect(sender.firstWait?.queue?.describe()).toBe("room at every subscriber of a broadcast");
      for (const one of [scope, receiver, sender]) one.cancel();
      await Promise.all([waiting, pulling, sent]);
      await Promise.all([send.close(), receive.close(), broadcast.close(), source.close()]);
    }));
});

test("select() names wrong options", () =>
  withVirtualTime(async () => {
    const [send, receive] = memoryStream<number>();
    const wrong = { priority: 1 } as unknown as { priority: boolean };
    await expect(select({ a: sending(send, 1) }, wrong)).rejects.toThrow(/priority .* 1/);
    await send.close();
    await receive.close();
  }));

test("toReadable() works outside every scope", async () => {
  const stream = await run(() => ({ source: fromReadable(count()) }), { backend });
  const reader = toReadable({
    ...emptyStream,
    receive: () => run(() => stream.source.receive(), { backend }),
    close: () => stream.source.close(),
  }).getReader();
  expect(await reader.read()).toEqual({ done: false, value: 0 });
  await reader.cancel();
});

async function* count(): AsyncGenerator<number> {
  for (let number = 0; ; number++) yield number;
}

const emptyStream = {
  [Symbol.asyncIterator]: () => count(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

test("many selects over the same streams take each item once", () =>
  withVirtualTime(async () => {
    const streams = [
      memoryStream<number>(0),
      memoryStream<number>(1),
      memoryStream<number>(3),
    ] as const;
    const received: number[] = [];
    const scope = new CancelScope();
    const selecting = scope.run(async () => {
      await Promise.all(
        [0, 1, 2, 3].map(async () => {
          for (;;) {
            const chosen = await select({
              first: receiving(streams[0][1]),
              second: receiving(streams[1][1]),
              third: receiving(streams[2][1]),
            });
            received.push(chosen.value);
          }
        }),
      );
    });
    await Promise.all(
      streams.map(async ([send], stream) => {
        for (let item = 0; item < 100; item++) await send.send(stream * 100 + item);
      }),
    );
    await waitAllTasksBlocked();
    scope.cancel();
    await selecting;
    expect(received.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, i) => i));
    for (const [send, receive] of streams) {
      await send.close();
      await receive.close();
    }
  }));
