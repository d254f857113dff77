import { EventEmitter, on } from "node:events";
import { PassThrough } from "node:stream";
import { channel as thingChannel } from "@thi.ng/csp";
import { Channel } from "async-channel";
import { memoryStream, taskGroup } from "anywhen";
import { HandWrittenChannel } from "../hand-written/channel.ts";
import { baseline, peer, type Row, subject } from "../row.ts";
import { drained } from "../streaming.ts";

const capacity = 100;

async function ours(count: number): Promise<void> {
  const [send, receive] = memoryStream<number>(capacity);
  await taskGroup(async (tg) => {
    tg.startSoon(async () => {
      for (let index = 0; index < count; index++) await send.send(index);
      await send.close();
    });
    await drain(receive);
  });
  await receive.close();
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  // oxlint-disable-next-line no-unused-vars -- only the loop matters
  for await (const _item of items);
}

async function byHand(count: number): Promise<void> {
  const channel = new HandWrittenChannel<number | undefined>(capacity);
  const sender = (async () => {
    for (let index = 0; index < count; index++) await channel.send(index);
    await channel.send(undefined);
  })();
  async function* items(): AsyncGenerator<number> {
    for (;;) {
      const item = await channel.receive();
      if (item === undefined) return;
      yield item;
    }
  }
  await drain(items());
  await sender;
}

async function transformStream(count: number): Promise<void> {
  const { readable, writable } = new TransformStream<number>(
    {},
    { highWaterMark: capacity },
    { highWaterMark: 0 },
  );
  const writer = writable.getWriter();
  const sender = (async () => {
    for (let index = 0; index < count; index++) {
      await writer.ready;
      void writer.write(index);
    }
    await writer.close();
  })();
  await drain(readable as ReadableStream<number> & AsyncIterable<number>);
  await sender;
}

async function passThrough(count: number): Promise<void> {
  const stream = new PassThrough({ objectMode: true, highWaterMark: capacity });
  const sender = (async () => {
    for (let index = 0; index < count; index++) {
      if (!stream.write(index)) await drained(stream);
    }
    stream.end();
  })();
  await drain(stream);
  await sender;
}

/** Nothing holds the sender back; it gives way after each item, as the others do. */
async function events(count: number): Promise<void> {
  const emitter = new EventEmitter();
  const items = on(emitter, "item", { close: ["end"] });
  const sender = (async () => {
    for (let index = 0; index < count; index++) {
      emitter.emit("item", index);
      await Promise.resolve();
    }
    emitter.emit("end");
  })();
  await drain(items);
  await sender;
}

async function asyncChannel(count: number): Promise<void> {
  const channel = new Channel<number>(capacity);
  const sender = (async () => {
    for (let index = 0; index < count; index++) await channel.push(index);
    channel.close();
  })();
  await drain(channel);
  await sender;
}

async function thingCsp(count: number): Promise<void> {
  const channel = thingChannel<number>(capacity);
  const sender = (async () => {
    for (let index = 0; index < count; index++) await channel.write(index);
    channel.close();
  })();
  await drain(channel);
  await sender;
}

export const row: Row = {
  name: "stream-for-await",
  operation: "one item from a sender to a for-await loop, with room for 100 between them",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("memoryStream", ours),
    ...baseline("hand-written ring, async generator", byHand),
    peer("TransformStream", transformStream, 0.2),
    peer("PassThrough, object mode", passThrough, 0.5),
    peer("events.on, which holds nobody back", events, 0.5),
    peer("async-channel", asyncChannel, 0.3),
    peer("@thi.ng/csp", thingCsp, 0.4),
  ],
};
