import { select as thingSelect, channel as thingChannel } from "@thi.ng/csp";
import { memoryStream, receiving, select, taskGroup } from "anywhen";
import { HandWrittenChannel } from "./hand-written/channel.ts";
import { csp } from "./js-csp.ts";
import { baseline, type Contender, peer, subject } from "./row.ts";

const capacity = 100;

type Work = Contender["run"];

/** As many as said of what `make` makes. */
function several<T>(ways: number, make: () => T): T[] {
  return Array.from({ length: ways }, make);
}

function ours(ways: number): Work {
  return async (count) => {
    const streams = several(ways, () => memoryStream<number>(capacity));
    const [a, b, c, d, e, f, g, h] = streams.map(([, receive]) => receive) as Receivers;
    await taskGroup((tg) => {
      tg.startSoon(async () => {
        for (let index = 0; index < count; index++) await streams[index % ways]![0].send(index);
      });
      tg.startSoon(async () => {
        for (let index = 0; index < count; index++) {
          // Written out, as users write it: an object for each call.
          await (ways === 2
            ? select({ a: receiving(a), b: receiving(b) })
            : select({
                a: receiving(a),
                b: receiving(b),
                c: receiving(c),
                d: receiving(d),
                e: receiving(e),
                f: receiving(f),
                g: receiving(g),
                h: receiving(h),
              }));
        }
      });
    });
    for (const [send, receive] of streams) {
      await send.close();
      await receive.close();
    }
  };
}

type Receiver = ReturnType<typeof memoryStream<number>>[1];
type Receivers = [Receiver, Receiver, Receiver, Receiver, Receiver, Receiver, Receiver, Receiver];

interface Chosen {
  readonly way: number;
  readonly value: number;
}

/** The select that people write by hand: the first that has something, else whoever comes first. */
function handWrittenSelect(channels: readonly HandWrittenChannel<number>[]): Promise<Chosen> {
  for (let way = 0; way < channels.length; way++) {
    const channel = channels[way] as HandWrittenChannel<number>;
    if (channel.canReceive) return Promise.resolve({ way, value: channel.take() });
  }
  return new Promise((resolve) => {
    const leave = channels.map((channel, way) =>
      channel.await((value) => {
        leave.forEach((leaveOther, other) => other !== way && leaveOther());
        resolve({ way, value });
      }),
    );
  });
}

function byHand(ways: number): Work {
  return async (count) => {
    const channels = several(ways, () => new HandWrittenChannel<number>(capacity));
    const sender = (async () => {
      for (let index = 0; index < count; index++) await channels[index % ways]!.send(index);
    })();
    for (let index = 0; index < count; index++) await handWrittenSelect(channels);
    await sender;
  };
}

function alts(ways: number): Work {
  return async (count) => {
    const channels = several(ways, () => csp.chan(capacity));
    csp.go(function* () {
      for (let index = 0; index < count; index++) yield csp.put(channels[index % ways]!, index);
    });
    const receiver = csp.go(function* () {
      for (let index = 0; index < count; index++) yield csp.alts(channels);
      return "received";
    });
    await new Promise((resolve) => csp.takeAsync(receiver, resolve));
  };
}

function thing(ways: number): Work {
  return async (count) => {
    const [first, ...rest] = several(ways, () => thingChannel<number>(capacity));
    const channels = [first!, ...rest];
    const sender = (async () => {
      for (let index = 0; index < count; index++) await channels[index % ways]!.write(index);
    })();
    for (let index = 0; index < count; index++) await thingSelect(first!, ...rest);
    await sender;
  };
}

/** Everyone who selects between that many streams, which a sender fills in turn. */
export function selecting(ways: 2 | 8): Contender[] {
  return [
    subject("select", ours(ways)),
    ...baseline("hand-written", byHand(ways)),
    peer("js-csp alts", alts(ways), 0.2),
    peer("@thi.ng/csp select", thing(ways), 0.2),
  ];
}
