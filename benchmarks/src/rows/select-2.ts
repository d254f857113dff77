import { memoryStream, receiving, select, taskGroup } from "anywhen";
import { csp } from "../js-csp.ts";
import { HandWrittenChannel } from "../hand-written/channel.ts";
import { baseline, peer, type Row, subject } from "../row.ts";

const capacity = 100;

async function selects(count: number): Promise<void> {
  const [sendA, receiveA] = memoryStream<number>(capacity);
  const [sendB, receiveB] = memoryStream<number>(capacity);
  await taskGroup((tg) => {
    tg.startSoon(async () => {
      for (let index = 0; index < count; index++) await (index % 2 ? sendA : sendB).send(index);
    });
    tg.startSoon(async () => {
      for (let index = 0; index < count; index++) {
        await select({ a: receiving(receiveA), b: receiving(receiveB) });
      }
    });
  });
  for (const stream of [sendA, sendB, receiveA, receiveB]) await stream.close();
}

type Chosen = { readonly name: "a" | "b"; readonly value: number };
type Channel = HandWrittenChannel<number>;

/** The select that people write by hand: the first that has something, else whoever comes first. */
function handWrittenSelect(a: Channel, b: Channel): Promise<Chosen> {
  if (a.canReceive) return Promise.resolve({ name: "a", value: a.take() });
  if (b.canReceive) return Promise.resolve({ name: "b", value: b.take() });
  return new Promise((resolve) => {
    const leaveA = a.await((value) => {
      leaveB();
      resolve({ name: "a", value });
    });
    const leaveB = b.await((value) => {
      leaveA();
      resolve({ name: "b", value });
    });
  });
}

async function byHand(count: number): Promise<void> {
  const a: Channel = new HandWrittenChannel(capacity);
  const b: Channel = new HandWrittenChannel(capacity);
  const sender = (async () => {
    for (let index = 0; index < count; index++) await (index % 2 ? a : b).send(index);
  })();
  for (let index = 0; index < count; index++) await handWrittenSelect(a, b);
  await sender;
}

async function alts(count: number): Promise<void> {
  const a = csp.chan(capacity);
  const b = csp.chan(capacity);
  csp.go(function* () {
    for (let index = 0; index < count; index++) yield csp.put(index % 2 ? a : b, index);
  });
  const receiver = csp.go(function* () {
    for (let index = 0; index < count; index++) yield csp.alts([a, b]);
    return "received";
  });
  await new Promise((resolve) => csp.takeAsync(receiver, resolve));
}

export const row: Row = {
  name: "select-2",
  operation: "one select between two streams that a sender fills in turn",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("select", selects),
    ...baseline("hand-written", byHand),
    peer("js-csp alts", alts, 0.2),
  ],
};
