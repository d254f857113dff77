import {
  BrokenResourceError,
  CancelScope,
  WouldBlock,
  memoryStream,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { expectStatistics, noted, onStream, withStream } from "./memory-stream-case.ts";
import { outlastTurn } from "./pulse.ts";

/** M1 to M3, M5a and M9: how items go through a memory stream. */
export const memoryStreamCases: readonly Case[] = [
  onStream(
    "M1.1",
    "With capacity 0 a send completes only when the item is taken",
    0,
    async (t, ends) => {
      const { send, receive } = ends;
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "send", send.send(1)));
        await waitAllTasksBlocked();
        t.expectLog([], "before anybody receives");
        expectStatistics(t, ends, { waitingSend: 1 }, "while the send waits");
        t.equal(await receive.receive(), 1);
      });
      t.expectLog(["send returned"]);
      expectStatistics(t, ends, {}, "at the end");
    },
  ),
  onStream(
    "M1.2",
    "With capacity 2 two sends complete with no receiver, and a third one waits",
    2,
    async (t, ends) => {
      const { send, receive } = ends;
      await send.send(1);
      expectStatistics(t, ends, { max: 2, used: 1 }, "after the first");
      await send.send(2);
      expectStatistics(t, ends, { max: 2, used: 2 }, "after the second");
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "third", send.send(3)));
        await waitAllTasksBlocked();
        expectStatistics(t, ends, { max: 2, used: 2, waitingSend: 1 }, "while the third waits");
        t.equal(await receive.receive(), 1);
        expectStatistics(t, ends, { max: 2, used: 2 }, "after a receive, which lets the third in");
        t.equal([await receive.receive(), await receive.receive()], [2, 3]);
      });
      t.expectLog(["third returned"]);
      expectStatistics(t, ends, { max: 2 }, "at the end");
    },
  ),
  onStream("M1.3", "With capacity Infinity a send never waits", Infinity, async (t, ends) => {
    const { send, receive } = ends;
    for (let item = 0; item < 1_000; item += 1) send.sendNowait(item);
    expectStatistics(t, ends, { max: Infinity, used: 1_000 });
    for (let item = 0; item < 1_000; item += 1) t.equal(receive.receiveNowait(), item);
    expectStatistics(t, ends, { max: Infinity }, "at the end");
  }),
  timeless(
    "M1.4",
    "A capacity that is no non-negative integer or Infinity is a RangeError",
    async (t) => {
      for (const capacity of [-1, 1.5, Number.NaN, -Infinity]) {
        t.throws(() => memoryStream(capacity), RangeError, `a capacity of ${capacity}`);
      }
    },
  ),
  onStream(
    "M1.5",
    "sendNowait() throws WouldBlock where send() would wait, and sends nothing",
    1,
    async (t, ends) => {
      const { send, receive } = ends;
      send.sendNowait(1);
      t.throws(() => send.sendNowait(2), WouldBlock);
      expectStatistics(t, ends, { max: 1, used: 1 });
      t.equal(receive.receiveNowait(), 1);
      t.throws(() => receive.receiveNowait(), WouldBlock, "the second receive");
    },
  ),
  onStream(
    "M1.6",
    "With capacity 0 sendNowait() needs a waiting receiver, receiveNowait() a waiting sender",
    0,
    async (t, { send, receive }) => {
      t.throws(() => send.sendNowait(1), WouldBlock, "with no receiver");
      t.throws(() => receive.receiveNowait(), WouldBlock, "with no sender");
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "receive", receive.receive()));
        await waitAllTasksBlocked();
        send.sendNowait(2);
      });
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "send", send.send(3)));
        await waitAllTasksBlocked();
        t.equal(receive.receiveNowait(), 3);
      });
      t.expectLog(["receive: 2", "send returned"]);
    },
  ),
  timeless("M1.7", "memoryStream() without a capacity is a rendezvous", async (t) => {
    const [send, receive] = memoryStream<number>();
    t.equal(send.statistics().maxBufferSize, 0);
    await send.close();
    await receive.close();
  }),

  timeless("M1.8", "A memory stream works outside every run", (t) =>
    t.asDefaultBackend(() =>
      withStream(0, async ({ send, receive }) => {
        const sending = noted(t, "send", send.send(1));
        t.equal(await receive.receive(), 1);
        await sending;
        t.expectLog(["send returned"]);
      }),
    ),
  ),

  ...[0, 1, 3, Infinity].map((capacity, index) =>
    onStream(
      `M2.${index + 1}`,
      `Items arrive in the order sent, at a capacity of ${capacity}`,
      capacity,
      async (t, { send, receive }) => {
        const sent = Array.from({ length: 50 }, (_, item) => item);
        const received: number[] = [];
        await taskGroup((tg) => {
          tg.startSoon(async () => {
            for (const item of sent) await send.send(item);
            await send.close();
          });
          tg.startSoon(async () => {
            for await (const item of receive) received.push(item);
          });
        });
        t.equal(received, sent);
      },
    ),
  ),
  onStream("M2.5", "Waiting receivers are served first come, first served", 0, async (t, ends) => {
    await taskGroup(async (tg) => {
      for (const [place, name] of ["a", "b", "c"].entries()) {
        tg.startSoon(() => noted(t, name, ends.receive.receive()));
        await waitAllTasksBlocked();
        expectStatistics(t, ends, { waitingReceive: place + 1 });
      }
      for (const item of [1, 2, 3]) {
        ends.send.sendNowait(item);
        expectStatistics(t, ends, { waitingReceive: 3 - item });
      }
    });
    t.expectLog(["a: 1", "b: 2", "c: 3"]);
  }),
  onStream("M2.6", "Waiting senders are served first come, first served", 1, async (t, ends) => {
    const { send, receive } = ends;
    send.sendNowait(0);
    await taskGroup(async (tg) => {
      for (const item of [1, 2, 3]) {
        tg.startSoon(() => noted(t, `send ${item}`, send.send(item)));
        await waitAllTasksBlocked();
        expectStatistics(t, ends, { max: 1, used: 1, waitingSend: item });
      }
      for (const item of [0, 1, 2, 3]) {
        t.equal(receive.receiveNowait(), item);
        const waitingSend = Math.max(0, 2 - item);
        expectStatistics(t, ends, { max: 1, used: item < 3 ? 1 : 0, waitingSend });
      }
    });
    t.expectLog(["send 1 returned", "send 2 returned", "send 3 returned"]);
  }),
  onStream(
    "M2.7",
    "A send that would fit does not overtake one that waits: its item moves in at once",
    1,
    async (t, { send, receive }) => {
      send.sendNowait(1);
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "send", send.send(2)));
        await waitAllTasksBlocked();
        t.equal(receive.receiveNowait(), 1);
        t.throws(() => send.sendNowait(3), WouldBlock, "the place that was freed is taken");
        t.equal(receive.receiveNowait(), 2);
      });
    },
  ),
  onStream(
    "M2.9",
    "An item whose sender waits moves in before one that is sent later",
    2,
    async (t, { send, receive }) => {
      send.sendNowait(1);
      send.sendNowait(2);
      await taskGroup(async (tg) => {
        tg.startSoon(() => send.send(3));
        await waitAllTasksBlocked();
        t.equal(receive.receiveNowait(), 1);
        t.throws(() => send.sendNowait(4), WouldBlock, "the place that was freed is taken");
        t.equal([receive.receiveNowait(), receive.receiveNowait()], [2, 3]);
      });
    },
  ),
  onStream(
    "M2.10",
    "Hundreds of waiting senders go on in the order they came, also when a turn of the event loop ends between them",
    0,
    async (t, { send, receive }) => {
      const items = Array.from({ length: 300 }, (_, item) => item);
      const returned: number[] = [];
      await taskGroup(async (tg) => {
        for (const item of items) {
          tg.startSoon(async () => {
            await send.send(item);
            returned.push(item);
          });
        }
        await waitAllTasksBlocked();
        for (const item of items) {
          t.equal(receive.receiveNowait(), item);
          if (item === 100) outlastTurn();
        }
      });
      t.equal(returned, items, "the order in which the senders went on");
    },
  ),
  onStream("M2.8", "Clones share one stream and one order", 2, async (t, ends) => {
    const send = ends.send.clone();
    const receive = ends.receive.clone();
    ends.send.sendNowait(1);
    send.sendNowait(2);
    expectStatistics(t, ends, { max: 2, used: 2, senders: 2, receivers: 2 });
    t.equal([receive.receiveNowait(), ends.receive.receiveNowait()], [1, 2]);
    await send.close();
    expectStatistics(t, ends, { max: 2, senders: 1, receivers: 2 }, "after one close");
    await receive.close();
    expectStatistics(t, ends, { max: 2 }, "after both");
  }),

  timeless(
    "M9.1",
    "statistics() of a fresh stream, and of one whose ends are closed",
    async (t) => {
      await withStream(3, async (ends) => {
        expectStatistics(t, ends, { max: 3 }, "of a fresh stream");
        ends.send.sendNowait(1);
        await ends.send.close();
        expectStatistics(t, ends, { max: 3, used: 1, senders: 0 }, "after the send end is closed");
        await ends.receive.close();
        expectStatistics(t, ends, { max: 3, senders: 0, receivers: 0 }, "after both are closed");
      });
    },
  ),
  onStream("M9.2", "Cancelling waits lowers the numbers at once", 0, async (t, ends) => {
    const scope = new CancelScope();
    await taskGroup(async (tg) => {
      tg.startSoon(() =>
        scope.run(async () => {
          await Promise.all(["a", "b", "c"].map((name) => noted(t, name, ends.receive.receive())));
        }),
      );
      await waitAllTasksBlocked();
      expectStatistics(t, ends, { waitingReceive: 3 });
      scope.cancel();
      expectStatistics(t, ends, {}, "right after the cancellation");
    });
    t.expectLogInAnyOrder(["a threw Cancelled", "b threw Cancelled", "c threw Cancelled"]);
  }),
  onStream("M9.4", "An item whose sender waits is not in the buffer", 1, async (t, ends) => {
    ends.send.sendNowait(1);
    await taskGroup(async (tg) => {
      tg.startSoon(() => ends.send.send(2));
      await waitAllTasksBlocked();
      expectStatistics(t, ends, { max: 1, used: 1, waitingSend: 1 }, "while a sender waits");
      t.equal([ends.receive.receiveNowait(), ends.receive.receiveNowait()], [1, 2]);
    });
  }),
  onStream("M9.3", "A send that broke is counted no more", 0, async (t, ends) => {
    await taskGroup(async (tg) => {
      tg.startSoon(async () => {
        await t.rejects(() => ends.send.send(1), BrokenResourceError);
      });
      await waitAllTasksBlocked();
      void ends.receive.close();
      expectStatistics(t, ends, { receivers: 0 }, "right after the receive end is closed");
    });
  }),
];
