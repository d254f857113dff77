import { PassThrough } from "node:stream";
import { channel as thingChannel } from "@thi.ng/csp";
import { Channel } from "async-channel";
import { Effect, Fiber, Queue } from "effect";
import { memoryStream, taskGroup } from "anywhen";
import { csp } from "./js-csp.ts";
import { HandWrittenChannel } from "./hand-written/channel.ts";

/** Sends the numbers from 0 to count - 1 through something, and awaits the last on the other side. */
type Streaming = (count: number) => Promise<void>;

export function inMemoryStream(capacity: number): Streaming {
  return async (count) => {
    const [send, receive] = memoryStream<number>(capacity);
    await taskGroup((tg) => {
      tg.startSoon(async () => {
        for (let index = 0; index < count; index++) await send.send(index);
        await send.close();
      });
      tg.startSoon(async () => {
        for (let index = 0; index < count; index++) await receive.receive();
        await receive.close();
      });
    });
  };
}

export function handWritten(capacity: number): Streaming {
  return (count) => {
    const channel = new HandWrittenChannel<number>(capacity);
    return bothSides(
      count,
      (item) => channel.send(item),
      () => channel.receive(),
    );
  };
}

export function asyncChannel(capacity: number): Streaming {
  return (count) => {
    const channel = new Channel<number>(capacity);
    return bothSides(
      count,
      (item) => channel.push(item),
      () => channel.get(),
    );
  };
}

/** With capacity 0, a write is over when its item has been read. */
export function transformStream(capacity: number): Streaming {
  return async (count) => {
    const strategy = { highWaterMark: Math.max(1, capacity) };
    const { readable, writable } = new TransformStream<number>({}, strategy, { highWaterMark: 0 });
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const send = async (item: number): Promise<void> => {
      await writer.ready;
      void writer.write(item);
    };
    await bothSides(count, capacity === 0 ? (item) => writer.write(item) : send, () =>
      reader.read(),
    );
  };
}

export function passThrough(capacity: number): Streaming {
  return async (count) => {
    const stream = new PassThrough({ objectMode: true, highWaterMark: capacity });
    const sender = (async () => {
      for (let index = 0; index < count; index++) {
        if (!stream.write(index)) await drained(stream);
      }
      stream.end();
    })();
    const items = stream[Symbol.asyncIterator]();
    while ((await items.next()).done !== true);
    await sender;
  };
}

/** As by hand: `once()` of node:events sets up listeners for errors and signals, too. */
export function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => stream.once("drain", resolve));
}

export function effectQueue(capacity: number): Streaming {
  return (count) => {
    const program = Effect.gen(function* () {
      const queue = yield* Queue.bounded<number>(capacity);
      const sender = yield* Effect.forkChild(
        Effect.gen(function* () {
          for (let index = 0; index < count; index++) yield* Queue.offer(queue, index);
        }),
      );
      for (let index = 0; index < count; index++) yield* Queue.take(queue);
      yield* Fiber.join(sender);
    });
    return Effect.runPromise(program);
  };
}

/** It has room for one item or more. */
export function thingCsp(capacity: number): Streaming {
  return (count) => {
    const channel = thingChannel<number>(capacity);
    return bothSides(
      count,
      (item) => channel.write(item),
      () => channel.read(),
    );
  };
}

export function jsCsp(capacity: number): Streaming {
  return async (count) => {
    const channel = capacity === 0 ? csp.chan() : csp.chan(capacity);
    csp.go(function* () {
      for (let index = 0; index < count; index++) yield csp.put(channel, index);
    });
    const receiver = csp.go(function* () {
      for (let index = 0; index < count; index++) yield csp.take(channel);
      return "received";
    });
    await new Promise((resolve) => csp.takeAsync(receiver, resolve));
  };
}

async function bothSides(
  count: number,
  send: (item: number) => Promise<unknown>,
  receive: () => Promise<unknown>,
): Promise<void> {
  const sender = (async () => {
    for (let index = 0; index < count; index++) await send(index);
  })();
  for (let index = 0; index < count; index++) await receive();
  await sender;
}
