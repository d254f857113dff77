import {
  Event,
  WouldBlock,
  elapsed,
  happened,
  now,
  receiving,
  select,
  sending,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { expectStatistics, noted, withStream } from "./memory-stream-case.ts";
import { chosen, onTwo } from "./select-case.ts";

/** M14: what a select commits. */
export const selectCases: readonly Case[] = [
  onTwo(
    "M14.1",
    "Of two streams with items, one item is taken and the other stays",
    1,
    async (t, first, second) => {
      first.send.sendNowait(1);
      second.send.sendNowait(2);
      await select({ first: receiving(first.receive), second: receiving(second.receive) });
      const left =
        first.receive.statistics().currentBufferUsed +
        second.receive.statistics().currentBufferUsed;
      t.equal(left, 1, "the number of items that are left");
    },
  ),
  onTwo(
    "M14.2",
    "A waiting select that is served once leaves every other queue in the same call",
    0,
    async (t, first, second) => {
      const event = new Event();
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          noted(
            t,
            "select",
            chosen({
              in: receiving(first.receive),
              out: sending(second.send, 9),
              event: happened(event),
              time: elapsed(Infinity),
            }),
          ),
        );
        await waitAllTasksBlocked();
        expectStatistics(t, first, { waitingReceive: 1 }, "of the first stream while it waits");
        expectStatistics(t, second, { waitingSend: 1 }, "of the second stream while it waits");
        t.equal(event.statistics().tasksWaiting, 1, "the tasks that wait for the event");
        first.send.sendNowait(1);
        expectStatistics(t, first, {}, "of the first stream right after a send");
        expectStatistics(t, second, {}, "of the second stream right after a send");
        t.equal(event.statistics().tasksWaiting, 0, "the tasks that wait for the event then");
        t.throws(
          () => second.receive.receiveNowait(),
          WouldBlock,
          "nothing was sent into the second",
        );
        t.throws(
          () => first.send.sendNowait(2),
          WouldBlock,
          "no second item is taken from the first",
        );
      });
      t.expectLog(["select: in=1"]);
    },
  ),
  onTwo(
    "M14.3",
    "A case that sends hands its item over, to one who receives only",
    0,
    async (t, first, second) => {
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          noted(t, "select", chosen({ a: sending(first.send, 1), b: sending(second.send, 2) })),
        );
        await waitAllTasksBlocked();
        t.equal(second.receive.receiveNowait(), 2);
        t.throws(() => first.receive.receiveNowait(), WouldBlock);
      });
      t.expectLog(["select: b"]);
    },
  ),
  onTwo("M14.4", "Two selects meet on a stream of capacity 0", 0, async (t, first, second) => {
    await taskGroup((tg) => {
      tg.startSoon(() =>
        noted(t, "sender", chosen({ a: sending(first.send, 1), b: receiving(second.receive) })),
      );
      tg.startSoon(() =>
        noted(t, "receiver", chosen({ a: receiving(first.receive), never: elapsed(Infinity) })),
      );
    });
    t.expectLogInAnyOrder(["sender: a", "receiver: a=1"]);
    expectStatistics(t, first, {}, "of the first stream");
    expectStatistics(t, second, {}, "of the second stream");
  }),
  onTwo(
    "M14.5",
    "A select does not meet itself: sending to and receiving from one stream waits for another",
    0,
    async (t, ends) => {
      const out = sending(ends.send, 1);
      const into = receiving(ends.receive);
      for (const cases of [
        { out, into },
        { into, out },
      ]) {
        await taskGroup(async (tg) => {
          tg.startSoon(() => noted(t, "select", chosen(cases)));
          await waitAllTasksBlocked();
          expectStatistics(t, ends, { waitingSend: 1, waitingReceive: 1 });
          t.equal(ends.receive.receiveNowait(), 1);
          expectStatistics(t, ends, {}, "after its item was taken");
        });
      }
      t.expectLog(["select: out", "select: out"]);
    },
  ),
  onTwo(
    "M14.6",
    "Two sends in one turn serve a waiting select and then the next receiver",
    0,
    async (t, first, second) => {
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          noted(t, "select", chosen({ a: receiving(first.receive), b: receiving(second.receive) })),
        );
        await waitAllTasksBlocked();
        tg.startSoon(() => noted(t, "receive", second.receive.receive()));
        await waitAllTasksBlocked();
        first.send.sendNowait(1);
        second.send.sendNowait(2);
      });
      t.expectLogInAnyOrder(["select: a=1", "receive: 2"]);
    },
  ),
  onTwo("M14.7", "A select takes its place in the queue of a stream", 0, async (t, ends) => {
    await taskGroup(async (tg) => {
      tg.startSoon(() => noted(t, "receive", ends.receive.receive()));
      await waitAllTasksBlocked();
      tg.startSoon(() => noted(t, "select", chosen({ in: receiving(ends.receive) })));
      await waitAllTasksBlocked();
      ends.send.sendNowait(1);
      ends.send.sendNowait(2);
    });
    t.expectLog(["receive: 1", "select: in=2"]);
  }),
  virtual("M14.8", "elapsed() counts from the call; the first of several comes", async (t) => {
    await t.run(async () => {
      const late = elapsed(50);
      const start = now();
      t.equal(await chosen({ late, soon: elapsed(20) }), "soon");
      t.equal(now() - start, 20, "the time that passed");
      t.equal(await chosen({ late, never: elapsed(Infinity) }), "late");
      t.equal(now() - start, 70, "the time that passed then");
    });
  }),
  virtual(
    "M14.9",
    "elapsed() of no time, and happened() of what has happened, are ready at once",
    async (t) => {
      await t.run(async () => {
        const event = new Event();
        event.set();
        t.equal(await chosen({ time: elapsed(0) }), "time");
        t.equal(await chosen({ past: elapsed(-5) }), "past");
        t.equal(await chosen({ event: happened(event) }), "event");
        for (const ready of [elapsed(0), happened(event)]) {
          const result = await select({ ready, other: happened(event) }, { priority: true });
          t.equal(result.case, "ready", "the first in order, which need not wait");
        }
      });
    },
  ),
  virtual("M14.10", "An item that comes before the time leaves no timer behind", async (t) => {
    await t.run(() =>
      withStream(0, async ({ send, receive }) => {
        await taskGroup(async (tg) => {
          tg.startSoon(() =>
            noted(t, "select", chosen({ in: receiving(receive), time: elapsed(60_000) })),
          );
          await waitAllTasksBlocked();
          send.sendNowait(1);
        });
        t.equal(t.watch.timersAlive, 0, "the timers that are armed");
      }),
    );
    t.expectLog(["select: in=1"]);
  }),
  timeless("M14.11", "set() wakes every select that waits for the event", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const event = new Event();
        for (const name of ["a", "b"])
          tg.startSoon(() => noted(t, name, chosen({ event: happened(event) })));
        await waitAllTasksBlocked();
        event.set();
      }),
    );
    t.expectLogInAnyOrder(["a: event", "b: event"]);
  }),
  timeless("M14.12", "One case may serve several calls", async (t) => {
    await t.run(() =>
      withStream(2, async ({ send, receive }) => {
        const into = sending(send, 5);
        await select({ into });
        await select({ into });
        t.equal([receive.receiveNowait(), receive.receiveNowait()], [5, 5]);
      }),
    );
  }),
];
