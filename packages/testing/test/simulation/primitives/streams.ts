import {
  Broadcast,
  checkpoint,
  elapsed,
  EndOfStream,
  Event,
  happened,
  mapConcurrent,
  type MemoryReceiveStream,
  type MemorySendStream,
  memoryStream,
  receiving,
  select,
  sending,
  taskGroup,
} from "anywhen";
import { assert, specimen, type Specimen } from "./specimen.ts";

/** What was sent and received, by the calls that took effect. [K2] */
interface Ledger {
  readonly send: MemorySendStream<string>;
  readonly receive: MemoryReceiveStream<string>;
  readonly sent: string[];
  readonly received: string[];
}

function ledger(capacity: number): Ledger {
  const [send, receive] = memoryStream<string>(capacity);
  return { send, receive, sent: [], received: [] };
}

/** Everything that was sent was received or is in the buffer: once, and in the order of its sender. */
function balance({ send, receive, sent, received }: Ledger): void {
  const left: string[] = [];
  for (;;) {
    try {
      left.push(receive.receiveNowait());
    } catch {
      break;
    }
  }
  void send.close();
  void receive.close();
  const arrived = [...received, ...left];
  const shown = `sent: ${sent.join()}; received: ${received.join()}; left: ${left.join()}`;
  assert(arrived.toSorted().join() === sent.toSorted().join(), `K2: ${shown}`);
}

/** Sends three items. */
async function produce({ send, sent }: Ledger, name: string): Promise<void> {
  for (const number of [1, 2, 3]) {
    const item = `${name}${number}`;
    await send.send(item);
    sent.push(item);
  }
}

/** Receives until the end. */
async function consume({ receive, received }: Ledger): Promise<void> {
  const last = new Map<string, string>();
  for (;;) {
    const item = await receive.receive();
    const before = last.get(item.slice(0, 1)) ?? "";
    assert(before < item, `M2: ${item} came after ${before}`);
    last.set(item.slice(0, 1), item);
    received.push(item);
  }
}

/** Anybody may be cancelled; the end of the stream ends the consumers. */
function traffic(capacity: number): Specimen<unknown> {
  return specimen<Ledger>({
    name: `K2, M1-M5: memory stream of capacity ${capacity}`,
    setup: () => ledger(capacity),
    async main(state) {
      await taskGroup(async (tg) => {
        const consumers = ["x", "y"].map((name) =>
          tg.startSoon(() => consume(state).catch(unlessEnded), { name }),
        );
        await taskGroup((producers) => {
          const [a] = ["a", "b"].map((name) =>
            producers.startSoon(() => produce(state, name), { name }),
          );
          producers.startSoon(async function spoiler() {
            await checkpoint();
            consumers[0]?.cancel();
            await checkpoint();
            a?.cancel();
          });
        });
        await state.send.close();
      });
    },
    check: balance,
  });
}

function unlessEnded(error: unknown): void {
  if (!(error instanceof EndOfStream)) throw error;
}

/** One task that receives from either of two streams, gives up after a while, or is told to stop. [M14-M17] */
const selecting = specimen({
  name: "M14-M17: select over two streams, an event and a time",
  setup: () => ({ one: ledger(0), two: ledger(1), stop: new Event() }),
  async main({ one, two, stop }) {
    await taskGroup(async (tg) => {
      tg.startSoon(() => produce(one, "a"), { name: "a" });
      tg.startSoon(() => produce(two, "b"), { name: "b" });
      const chooser = tg.startSoon(async function chooser() {
        for (;;) {
          const cases = { one: receiving(one.receive), two: receiving(two.receive) };
          const chosen = await select({ ...cases, stop: happened(stop), late: elapsed(1_000) });
          if (chosen.case === "one") one.received.push(chosen.value);
          else if (chosen.case === "two") two.received.push(chosen.value);
          else break;
        }
      });
      tg.startSoon(async function stopper() {
        for (let delay = 4; delay > 0; delay--) await checkpoint();
        stop.set();
        await chooser.wait();
        tg.cancel();
      });
    });
  },
  check({ one, two }) {
    balance(one);
    balance(two);
  },
});

/** One task that sends to whichever of two receivers is ready. */
const offering = specimen({
  name: "M14: select that sends or receives",
  setup: () => ({ out: ledger(0), back: ledger(0) }),
  async main({ out, back }) {
    await taskGroup(async (tg) => {
      tg.startSoon(() => consume(out), { name: "reader" });
      tg.startSoon(() => produce(back, "b"), { name: "writer" });
      await taskGroup((inner) => {
        inner.startSoon(async function offerer() {
          for (const item of ["o1", "o2", "o3", "o4"]) {
            const cases = { out: sending(out.send, item), back: receiving(back.receive) };
            const chosen = await select(cases);
            if (chosen.case === "out") out.sent.push(item);
            else back.received.push(chosen.value);
          }
          inner.cancel();
        });
        inner.startSoon(async function spoiler() {
          for (let delay = 3; delay > 0; delay--) await checkpoint();
          inner.cancel();
        });
      });
      tg.cancel();
    });
  },
  check({ out, back }) {
    balance(out);
    balance(back);
  },
});

/** Every subscriber gets every item, in order; a slow one holds the sender up. */
const broadcasting = specimen({
  name: "M2, K2: broadcast to two subscribers",
  setup: () => ({ sent: [] as number[], got: new Map<string, number[]>() }),
  async main({ sent, got }) {
    const news = new Broadcast<number>();
    await taskGroup((tg) => {
      const readers = ["one", "two"].map((name) => {
        const subscription = news.subscribe({ capacity: 1 });
        const items: number[] = [];
        got.set(name, items);
        return tg.startSoon(
          async () => {
            try {
              for await (const item of subscription) items.push(item);
            } finally {
              await subscription.close();
            }
          },
          { name },
        );
      });
      tg.startSoon(async function speaker() {
        try {
          for (const item of [1, 2, 3, 4]) {
            await news.send(item);
            sent.push(item);
          }
        } finally {
          await news.close();
        }
      });
      tg.startSoon(async function spoiler() {
        await checkpoint();
        readers[1]?.cancel();
      });
    });
  },
  complete({ sent, got }) {
    assert(sent.length === 4, `only ${sent.join()} were sent`);
    assert(got.get("one")?.join() === sent.join(), `M2: one got ${got.get("one")?.join()}`);
  },
  check({ sent, got }) {
    for (const [name, items] of got) {
      const expected = [1, 2, 3, 4].slice(0, items.length).join();
      assert(items.join() === expected, `M2: ${name} got ${items.join()}`);
      assert(items.length <= sent.length + 1, `K2: ${name} got what was not sent`);
    }
  },
});

const mapping = specimen({
  name: "H1, H2: mapConcurrent over a stream",
  setup: () => ({ pulled: 0, active: 0, done: 0, results: [] as number[] }),
  async main(state) {
    async function* numbers(): AsyncGenerator<number> {
      for (const number of [1, 2, 3, 4, 5]) {
        state.pulled++;
        assert(state.pulled - state.done <= 2, `H2: ${state.pulled - state.done} items are held`);
        yield number;
        await checkpoint();
      }
    }
    state.results = await mapConcurrent(
      numbers(),
      async (number) => {
        assert(++state.active <= 2, `H2: ${state.active} calls are in flight`);
        try {
          await checkpoint();
          return number * number;
        } finally {
          state.active--;
          state.done++;
        }
      },
      { concurrency: 2 },
    );
  },
  complete({ results }) {
    assert(results.join() === "1,4,9,16,25", `H2: the results are ${results.join()}`);
  },
  check({ active }) {
    assert(active === 0, `H1: ${active} calls are still in flight`);
  },
});

export const streams: readonly Specimen<unknown>[] = [
  traffic(0),
  traffic(1),
  traffic(2),
  traffic(Infinity),
  selecting,
  offering,
  broadcasting,
  mapping,
];
