import {
  Barrier,
  checkpoint,
  Condition,
  Event,
  Future,
  isCancelled,
  shield,
  sleep,
  taskGroup,
} from "anywhen";
import { assert, specimen, type Specimen } from "./specimen.ts";

interface Buffer {
  readonly filled: Condition;
  readonly items: number[];
  readonly taken: number[];
  /** How many believe to hold the lock. */
  holders: number;
}

function enter(buffer: Buffer): void {
  assert(++buffer.holders === 1, "L6: somebody goes on without the lock");
}

/** Takes one item, when there is one. */
function take(buffer: Buffer): Promise<void> {
  const { filled, items, taken } = buffer;
  return filled.use(async (held) => {
    enter(buffer);
    while (items.length === 0) {
      buffer.holders--;
      try {
        await held.wait();
      } finally {
        enter(buffer);
        // Holds the lock for a while, cancelled or not.
        await shield(() => checkpoint());
        buffer.holders--;
      }
      enter(buffer);
    }
    taken.push(items.shift() as number);
    buffer.holders--;
  });
}

/** A notification that a cancelled waiter had swallowed would leave the others waiting. [L6] */
const condition = specimen<Buffer>({
  name: "L6: Condition over a buffer",
  setup: () => ({ filled: new Condition(), items: [], taken: [], holders: 0 }),
  async main(buffer) {
    const { filled, items } = buffer;
    await taskGroup((tg) => {
      const takers = ["one", "two", "three"].map((name) =>
        tg.startSoon(() => take(buffer), { name }),
      );
      tg.startSoon(async function giver() {
        for (const item of [1, 2, 3]) {
          await filled.use(async (held) => {
            enter(buffer);
            items.push(item);
            held.notify();
            try {
              await checkpoint();
            } finally {
              buffer.holders--;
            }
          });
        }
      });
      tg.startSoon(async function spoiler() {
        await checkpoint();
        takers[0]?.cancel();
      });
    });
  },
  check({ filled, items, taken }) {
    assert(!filled.locked, "L10: the lock is still held");
    const all = [...taken, ...items].toSorted((a, b) => a - b);
    assert(
      all.every((item, index) => item === index + 1),
      `K2: ${taken.join()} were taken and ${items.join()} are left`,
    );
  },
});

const barrier = specimen({
  name: "L9: Barrier of three, and four who come",
  setup: () => ({ barrier: new Barrier(3), places: [] as number[] }),
  async main({ barrier: gate, places }) {
    await taskGroup(async (tg) => {
      const guests = ["one", "two", "three", "four"].map((name) =>
        tg.startSoon(async () => void places.push(await gate.wait()), { name }),
      );
      tg.startSoon(async function spoiler() {
        await checkpoint();
        guests[0]?.cancel();
      });
      await sleep(1);
      tg.cancel();
    });
  },
  complete({ places }) {
    assert(places.length === 3, `L9: ${places.length} of 3 have passed`);
  },
  check({ barrier: gate, places }) {
    assert(gate.waiting === 0, `L9: ${gate.waiting} still wait`);
    // Whoever was let through by the last to come has passed, even if cancelled in the same turn.
    assert(places.length % 3 === 0, `K2: ${places.length} of 3 have passed`);
    assert(new Set(places).size === places.length, `L9: the places are ${places.join()}`);
  },
});

const future = specimen({
  name: "L8: Future with many waiters",
  setup: () => ({ answer: new Future<number>(), got: [] as number[], refused: [] as string[] }),
  async main({ answer, got, refused }) {
    await taskGroup((tg) => {
      const waiters = ["one", "two", "three"].map((name) =>
        tg.startSoon(
          async () => {
            try {
              got.push(await answer.wait());
            } catch (error) {
              if (isCancelled(error)) refused.push(name);
              throw error;
            }
          },
          { name },
        ),
      );
      tg.startSoon(async function provider() {
        await checkpoint();
        answer.setResult(42);
      });
      tg.startSoon(async function spoiler() {
        await checkpoint();
        waiters[2]?.cancel();
      });
    });
  },
  complete({ got, refused }) {
    assert(got.length >= 2, `L8: ${got.length} of 3 were answered`);
    assert(refused.join().replace("three", "") === "", `L8: ${refused.join()} were refused`);
  },
  check({ got }) {
    assert(
      got.every((value) => value === 42),
      `L8: the values are ${got.join()}`,
    );
  },
});

const event = specimen({
  name: "L7: Event that is set once",
  setup: () => ({ started: new Event(), passed: [] as string[] }),
  async main({ started, passed }) {
    await taskGroup((tg) => {
      for (const name of ["one", "two", "three"]) {
        const wait = async (): Promise<void> => {
          await started.wait();
          assert(started.isSet, `L7: ${name} passed before the event`);
          passed.push(name);
        };
        tg.startSoon(wait, { name });
      }
      tg.startSoon(async function starter() {
        await checkpoint();
        started.set();
      });
    });
  },
  complete({ passed }) {
    assert(passed.length === 3, `L7: only ${passed.join()} have passed`);
  },
  check({ started, passed }) {
    assert(passed.length === 0 || started.isSet, "L7: somebody passed before the event");
  },
});

export const meeting: readonly Specimen<unknown>[] = [condition, barrier, future, event];
