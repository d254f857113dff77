import {
  CancelScope,
  Cancelled,
  cancelScope,
  WouldBlock,
  checkpoint,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import type { Case } from "../case.ts";
import { expectStatistics, noted, onStream } from "./memory-stream-case.ts";

/** M3 and M5a: what cancellation and hand-over make of each other. */
export const streamHandOverCases: readonly Case[] = [
  onStream(
    "M3.1",
    "A receiver that was handed an item and then cancelled has it",
    0,
    async (t, { send, receive }) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          scope.run(async () => {
            await noted(t, "receive", receive.receive());
            await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
          }),
        );
        await waitAllTasksBlocked();
        send.sendNowait(1);
        scope.cancel();
      });
      t.expectLog(["receive: 1"]);
    },
  ),
  onStream(
    "M3.2",
    "A receiver that was cancelled first gets nothing, and the next one gets the item",
    0,
    async (t, ends) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() => scope.run(() => noted(t, "first", ends.receive.receive())));
        await waitAllTasksBlocked();
        tg.startSoon(() => noted(t, "second", ends.receive.receive()));
        await waitAllTasksBlocked();
        scope.cancel();
        expectStatistics(t, ends, { waitingReceive: 1 }, "right after the cancellation");
        ends.send.sendNowait(1);
      });
      t.expectLogInAnyOrder(["first threw Cancelled", "second: 1"]);
    },
  ),
  onStream(
    "M3.3",
    "A send to nobody but a cancelled receiver would block",
    0,
    async (t, { send, receive }) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() => scope.run(() => noted(t, "receive", receive.receive())));
        await waitAllTasksBlocked();
        scope.cancel();
        t.throws(() => send.sendNowait(1), WouldBlock);
      });
      t.expectLog(["receive threw Cancelled"]);
    },
  ),
  onStream(
    "M3.4",
    "A sender that was served and then cancelled has sent",
    1,
    async (t, { send, receive }) => {
      const scope = new CancelScope();
      send.sendNowait(1);
      await taskGroup(async (tg) => {
        tg.startSoon(() => scope.run(() => noted(t, "send", send.send(2))));
        await waitAllTasksBlocked();
        t.equal(receive.receiveNowait(), 1);
        scope.cancel();
      });
      t.expectLog(["send returned"]);
      t.equal(receive.receiveNowait(), 2);
    },
  ),

  ...[0, 1].map((capacity) =>
    onStream(
      `M5a.${capacity + 1}`,
      `A cancelled sender's item is not taken, not even in the same turn, at a capacity of ${capacity}`,
      capacity,
      async (t, ends) => {
        const { send, receive } = ends;
        const scope = new CancelScope();
        for (let item = 0; item < capacity; item += 1) send.sendNowait(item);
        await taskGroup(async (tg) => {
          tg.startSoon(() => scope.run(() => noted(t, "send", send.send(9))));
          await waitAllTasksBlocked();
          scope.cancel();
          expectStatistics(
            t,
            ends,
            { max: capacity, used: capacity },
            "right after the cancellation",
          );
          for (let item = 0; item < capacity; item += 1) t.equal(receive.receiveNowait(), item);
          t.throws(() => receive.receiveNowait(), WouldBlock);
        });
        t.expectLog(["send threw Cancelled"]);
      },
    ),
  ),
  onStream(
    "M5a.3",
    "Behind a cancelled sender the next one moves up",
    0,
    async (t, { send, receive }) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() => scope.run(() => noted(t, "first", send.send(1))));
        await waitAllTasksBlocked();
        tg.startSoon(() => noted(t, "second", send.send(2)));
        await waitAllTasksBlocked();
        scope.cancel();
        t.equal(receive.receiveNowait(), 2);
      });
      t.expectLogInAnyOrder(["first threw Cancelled", "second returned"]);
    },
  ),
  onStream(
    "C22.101",
    "A receive that its scope left behind throws ScopeClosedError, and takes no item",
    1,
    async (t, ends) => {
      let left: Promise<void> | undefined;
      await cancelScope(() => {
        left = noted(t, "receive", ends.receive.receive());
      });
      expectStatistics(t, ends, { max: 1 }, "right after the scope's end");
      ends.send.sendNowait(1);
      await left;
      t.expectLog(["receive threw ScopeClosedError"]);
      t.equal(ends.receive.receiveNowait(), 1);
    },
  ),
];
