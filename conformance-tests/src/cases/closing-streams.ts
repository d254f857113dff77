import {
  BrokenResourceError,
  Cancelled,
  ClosedResourceError,
  EndOfStream,
  checkpoint,
  memoryStream,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";
import { expectStatistics, noted, onStream } from "./memory-stream-case.ts";

/** M4 to M8: how memory streams end. */
export const closingStreamCases: readonly Case[] = [
  onStream(
    "M4.1",
    "When the last send end is closed, receivers drain the buffer, then get EndOfStream for ever",
    2,
    async (t, ends) => {
      const { send, receive } = ends;
      send.sendNowait(1);
      send.sendNowait(2);
      await send.close();
      expectStatistics(t, ends, { max: 2, used: 2, senders: 0 }, "after close");
      t.equal([await receive.receive(), receive.receiveNowait()], [1, 2]);
      for (let count = 0; count < 3; count += 1) {
        await t.rejects(() => receive.receive(), EndOfStream);
        t.throws(() => receive.receiveNowait(), EndOfStream);
      }
    },
  ),
  onStream("M4.2", "Closing one of two send ends ends nothing", 0, async (t, { send, receive }) => {
    const clone = send.clone();
    await send.close();
    await taskGroup(async (tg) => {
      tg.startSoon(() => noted(t, "receive", receive.receive()));
      await waitAllTasksBlocked();
      clone.sendNowait(1);
      await clone.close();
    });
    t.expectLog(["receive: 1"]);
    await t.rejects(() => receive.receive(), EndOfStream, "after the second is closed");
  }),
  onStream(
    "M4.3",
    "Closing the last send end wakes every waiting receiver with EndOfStream",
    0,
    async (t, ends) => {
      await taskGroup(async (tg) => {
        for (const name of ["a", "b"]) tg.startSoon(() => noted(t, name, ends.receive.receive()));
        await waitAllTasksBlocked();
        void ends.send.close();
        expectStatistics(t, ends, { senders: 0 }, "right after close");
      });
      t.expectLogInAnyOrder(["a threw EndOfStream", "b threw EndOfStream"]);
    },
  ),
  onStream(
    "M4.4",
    "A receiver that was handed an item before the close has it",
    0,
    async (t, { send, receive }) => {
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "first", receive.receive()));
        await waitAllTasksBlocked();
        tg.startSoon(() => noted(t, "second", receive.receive()));
        await waitAllTasksBlocked();
        send.sendNowait(1);
        void send.close();
      });
      t.expectLogInAnyOrder(["first: 1", "second threw EndOfStream"]);
    },
  ),
  onStream(
    "M4.5",
    "A sender that waited and was served before its end is closed has sent",
    1,
    async (t, { send, receive }) => {
      send.sendNowait(1);
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "send", send.send(2)));
        await waitAllTasksBlocked();
        t.equal(receive.receiveNowait(), 1);
        void send.close();
      });
      t.expectLog(["send returned"]);
      t.equal(receive.receiveNowait(), 2);
      t.throws(() => receive.receiveNowait(), EndOfStream);
    },
  ),

  onStream(
    "M5.1",
    "When the last receive end is closed, waiting senders get BrokenResourceError",
    0,
    async (t, ends) => {
      await taskGroup(async (tg) => {
        for (const item of [1, 2])
          tg.startSoon(() => noted(t, `send ${item}`, ends.send.send(item)));
        await waitAllTasksBlocked();
        void ends.receive.close();
        expectStatistics(t, ends, { receivers: 0 }, "right after close");
      });
      t.expectLogInAnyOrder([
        "send 1 threw BrokenResourceError",
        "send 2 threw BrokenResourceError",
      ]);
    },
  ),
  onStream(
    "M5.2",
    "When the last receive end is closed, later sends get BrokenResourceError",
    3,
    async (t, { send, receive }) => {
      await receive.close();
      await t.rejects(() => send.send(1), BrokenResourceError);
      t.throws(() => send.sendNowait(1), BrokenResourceError);
    },
  ),
  onStream(
    "M5.3",
    "Closing one of two receive ends breaks nothing",
    1,
    async (t, { send, receive }) => {
      const clone = receive.clone();
      await receive.close();
      await send.send(1);
      t.equal(clone.receiveNowait(), 1);
      await clone.close();
      await t.rejects(() => send.send(2), BrokenResourceError, "after the second is closed");
    },
  ),

  onStream(
    "M6.1",
    "Every use of a closed end is ClosedResourceError",
    1,
    async (t, { send, receive }) => {
      await receive.close();
      await send.close();
      await t.rejects(() => send.send(1), ClosedResourceError, "send()");
      t.throws(() => send.sendNowait(1), ClosedResourceError, "sendNowait()");
      t.throws(() => send.clone(), ClosedResourceError, "clone() of the send end");
      await t.rejects(() => receive.receive(), ClosedResourceError, "receive()");
      t.throws(() => receive.receiveNowait(), ClosedResourceError, "receiveNowait()");
      t.throws(() => receive.clone(), ClosedResourceError, "clone() of the receive end");
      await t.rejects(
        () => receive[Symbol.asyncIterator]().next(),
        ClosedResourceError,
        "iterating",
      );
    },
  ),
  onStream("M6.2", "Closing twice is fine, and counts once", 0, async (t, ends) => {
    const send = ends.send.clone();
    const receive = ends.receive.clone();
    await send.close();
    await send.close();
    await receive.close();
    await receive.close();
    expectStatistics(t, ends, {}, "with the first ends open");
  }),
  onStream(
    "M6.3",
    "A closed receive end with items in the buffer gives none",
    1,
    async (t, { send, receive }) => {
      const clone = receive.clone();
      send.sendNowait(1);
      await receive.close();
      t.throws(() => receive.receiveNowait(), ClosedResourceError, "receiveNowait()");
      await t.rejects(() => receive.receive(), ClosedResourceError, "receive()");
      await t.rejects(() => receive[Symbol.asyncIterator]().next(), ClosedResourceError, "a loop");
      t.equal(clone.receiveNowait(), 1, "the item, from the other end");
      await clone.close();
    },
  ),

  onStream(
    "M7.1",
    "Closing a send end while it sends makes that call throw ClosedResourceError, and sends nothing",
    0,
    async (t, ends) => {
      const clone = ends.send.clone();
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "clone", clone.send(1)));
        await waitAllTasksBlocked();
        tg.startSoon(() => noted(t, "other", ends.send.send(2)));
        await waitAllTasksBlocked();
        void clone.close();
        expectStatistics(t, ends, { waitingSend: 1 }, "right after close");
        t.equal(ends.receive.receiveNowait(), 2, "the item of the other end");
      });
      t.expectLogInAnyOrder(["clone threw ClosedResourceError", "other returned"]);
    },
  ),
  onStream(
    "M7.2",
    "Closing a receive end while it receives makes that call throw ClosedResourceError",
    0,
    async (t, ends) => {
      const clone = ends.receive.clone();
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "clone", clone.receive()));
        await waitAllTasksBlocked();
        tg.startSoon(() => noted(t, "other", ends.receive.receive()));
        await waitAllTasksBlocked();
        void clone.close();
        expectStatistics(t, ends, { waitingReceive: 1 }, "right after close");
        ends.send.sendNowait(1);
      });
      t.expectLogInAnyOrder(["clone threw ClosedResourceError", "other: 1"]);
    },
  ),
  onStream(
    "M7.3",
    "A loop over an end that is closed meanwhile throws ClosedResourceError",
    0,
    async (t, { receive }) => {
      const loop = async (): Promise<void> => {
        for await (const item of receive) t.fail(`item ${item} came`);
      };
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "loop", loop()));
        await waitAllTasksBlocked();
        await receive.close();
      });
      t.expectLog(["loop threw ClosedResourceError"]);
    },
  ),

  onStream(
    "M8.1",
    "Iteration ends at EndOfStream, with no error",
    2,
    async (t, { send, receive }) => {
      send.sendNowait(1);
      send.sendNowait(2);
      await send.close();
      const items: number[] = [];
      for await (const item of receive) items.push(item);
      t.equal(items, [1, 2]);
    },
  ),
  onStream(
    "M8.2",
    "Iteration ends at EndOfStream also where it waits",
    0,
    async (t, { send, receive }) => {
      const loop = async (): Promise<void> => {
        for await (const item of receive) t.log.push(String(item));
      };
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "loop", loop()));
        await waitAllTasksBlocked();
        await send.send(1);
        await waitAllTasksBlocked();
        await send.close();
      });
      t.expectLog(["1", "loop returned"]);
    },
  ),
  onStream("M8.3", "Leaving the loop early does not close the stream", 3, async (t, ends) => {
    const { send, receive } = ends;
    for (const item of [1, 2, 3]) send.sendNowait(item);
    for await (const item of receive) {
      t.equal(item, 1);
      break;
    }
    expectStatistics(t, ends, { max: 3, used: 2 }, "after the loop");
    for await (const item of receive) {
      t.equal(item, 2, "the first of another loop");
      break;
    }
    t.equal(receive.receiveNowait(), 3, "what is left");
  }),
  onStream(
    "M8.4",
    "Each step of a loop is a checkpoint, and a cancelled one takes nothing",
    1,
    async (t, ends) => {
      ends.send.sendNowait(1);
      await inCancelledScope(async () => {
        await t.rejects(() => ends.receive[Symbol.asyncIterator]().next(), Cancelled);
      });
      expectStatistics(t, ends, { max: 1, used: 1 });
    },
  ),
  timeless(
    "K3.101",
    "Closing is no checkpoint: it works in a cancelled scope, at once",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          const [send, receive] = memoryStream<number>();
          const closing = send.close();
          t.throws(() => receive.receiveNowait(), EndOfStream, "before the promise resolves");
          await closing;
          await receive.close();
          await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
        }),
      );
    },
  ),
];
