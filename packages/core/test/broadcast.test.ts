import {
  Broadcast,
  BrokenResourceError,
  Cancelled,
  CancelScope,
  cancelScope,
  checkpoint,
  ClosedResourceError,
  elapsed,
  EndOfStream,
  receiving,
  select,
  taskGroup,
  waitAllTasksBlocked,
  WouldBlock,
} from "@anywhen/core";
import { withVirtualTime } from "@anywhen/testing";
import { describe, expect, test } from "vitest";

async function noted(log: string[], name: string, call: Promise<number | void>): Promise<void> {
  try {
    const value = await call;
    log.push(value === undefined ? `${name} returned` : `${name}: ${value}`);
  } catch (error) {
    log.push(`${name} threw ${(error as Error).name}`);
  }
}

/** Runs `body` with a broadcast, and closes it. */
function withBroadcast(body: (broadcast: Broadcast<number>, log: string[]) => Promise<void>) {
  return withVirtualTime(async () => {
    using broadcast = new Broadcast<number>();
    await body(broadcast, []);
  });
}

describe("Broadcast", () => {
  test("sends to every subscriber what was sent after it subscribed, in order", () =>
    withBroadcast(async (broadcast) => {
      await broadcast.send(1);
      using early = broadcast.subscribe({ capacity: 5 });
      await broadcast.send(2);
      using late = broadcast.subscribe({ capacity: 5 });
      await broadcast.send(3);
      broadcast.sendNowait(4);
      expect([1, 2, 3].map(() => early.receiveNowait())).toEqual([2, 3, 4]);
      expect([1, 2].map(() => late.receiveNowait())).toEqual([3, 4]);
      expect(() => late.receiveNowait()).toThrow(WouldBlock);
    }));

  test("without subscribers sends to nobody, without waiting", () =>
    withBroadcast(async (broadcast) => {
      await broadcast.send(1);
      broadcast.sendNowait(2);
      expect(broadcast.statistics()).toEqual({
        openSubscriptions: 0,
        tasksWaitingSend: 0,
        itemsDropped: 0,
      });
    }));

  test('waits until every subscriber with "wait" has room, and then reaches all at once', () =>
    withBroadcast(async (broadcast, log) => {
      using fast = broadcast.subscribe({ capacity: 2 });
      using slow = broadcast.subscribe({ capacity: 1 });
      await broadcast.send(1);
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(log, "send", broadcast.send(2)));
        await waitAllTasksBlocked();
        expect(fast.statistics().currentBufferUsed).toBe(1);
        expect(broadcast.statistics().tasksWaitingSend).toBe(1);
        expect(slow.statistics().tasksWaitingSend).toBe(1);
        expect(() => broadcast.sendNowait(3)).toThrow(WouldBlock);
        expect(fast.receiveNowait()).toBe(1);
        expect(broadcast.statistics().tasksWaitingSend).toBe(1);
        expect(slow.receiveNowait()).toBe(1);
        expect(broadcast.statistics().tasksWaitingSend).toBe(0);
        expect([fast.receiveNowait(), slow.receiveNowait()]).toEqual([2, 2]);
      });
      expect(log).toEqual(["send returned"]);
    }));

  test("at capacity 0 hands over when all subscribers receive", () =>
    withBroadcast(async (broadcast, log) => {
      using first = broadcast.subscribe();
      using second = broadcast.subscribe();
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(log, "first", first.receive()));
        await waitAllTasksBlocked();
        expect(() => broadcast.sendNowait(1)).toThrow(WouldBlock);
        tg.startSoon(() => noted(log, "send", broadcast.send(1)));
        await waitAllTasksBlocked();
        expect(log).toEqual([]);
        tg.startSoon(() => noted(log, "second", second.receive()));
      });
      expect(log.toSorted()).toEqual(["first: 1", "second: 1", "send returned"]);
    }));

  test("at capacity 0 a receiver that is cancelled again holds the sender back", () =>
    withBroadcast(async (broadcast, log) => {
      using first = broadcast.subscribe();
      using second = broadcast.subscribe();
      await taskGroup(async (tg) => {
        const scope = new CancelScope();
        tg.startSoon(() => scope.run(() => noted(log, "cancelled", first.receive())));
        tg.startSoon(() => noted(log, "send", broadcast.send(1)));
        await waitAllTasksBlocked();
        scope.cancel();
        tg.startSoon(() => noted(log, "second", second.receive()));
        await waitAllTasksBlocked();
        expect(log).toEqual(["cancelled threw Cancelled"]);
        expect(await first.receive()).toBe(1);
      });
      expect(log.toSorted()).toEqual(["cancelled threw Cancelled", "second: 1", "send returned"]);
    }));

  test("serves senders first come, first served", () =>
    withBroadcast(async (broadcast, log) => {
      using subscriber = broadcast.subscribe({ capacity: 1 });
      await broadcast.send(0);
      await taskGroup(async (tg) => {
        for (const item of [1, 2]) {
          tg.startSoon(() => noted(log, `send ${item}`, broadcast.send(item)));
          await waitAllTasksBlocked();
        }
        expect([0, 1, 2].map(() => subscriber.receiveNowait())).toEqual([0, 1, 2]);
      });
      expect(log).toEqual(["send 1 returned", "send 2 returned"]);
    }));

  test("a send that is cancelled has reached nobody", () =>
    withBroadcast(async (broadcast, log) => {
      using fast = broadcast.subscribe({ capacity: Infinity });
      using slow = broadcast.subscribe({ capacity: 0 });
      await taskGroup(async (tg) => {
        const scope = new CancelScope();
        tg.startSoon(() => scope.run(() => noted(log, "send", broadcast.send(1))));
        await waitAllTasksBlocked();
        scope.cancel();
        expect(fast.statistics().currentBufferUsed).toBe(0);
        expect(broadcast.statistics().tasksWaitingSend).toBe(0);
        expect(() => slow.receiveNowait()).toThrow(WouldBlock);
      });
      expect(log).toEqual(["send threw Cancelled"]);
    }));

  test("send() is a checkpoint, also where it need not wait", () =>
    withBroadcast(async (broadcast) => {
      using subscriber = broadcast.subscribe({ capacity: 1 });
      await cancelScope(async (scope) => {
        scope.cancel();
        await expect(broadcast.send(1)).rejects.toThrow(Cancelled);
        await expect(broadcast.close()).resolves.toBeUndefined();
      });
      expect(() => subscriber.receiveNowait()).toThrow(EndOfStream);
    }));

  test("a send that was served and then cancelled returns", () =>
    withBroadcast(async (broadcast, log) => {
      using subscriber = broadcast.subscribe({ capacity: 1 });
      await broadcast.send(1);
      await taskGroup(async (tg) => {
        const scope = new CancelScope();
        tg.startSoon(() =>
          scope.run(async () => {
            await noted(log, "send", broadcast.send(2));
            await noted(log, "checkpoint", checkpoint());
          }),
        );
        await waitAllTasksBlocked();
        subscriber.receiveNowait();
        scope.cancel();
      });
      expect(log).toEqual(["send returned", "checkpoint threw Cancelled"]);
      expect(subscriber.receiveNowait()).toBe(2);
    }));

  test("a subscriber that leaves lets the sender go on", () =>
    withBroadcast(async (broadcast, log) => {
      const slow = broadcast.subscribe();
      using fast = broadcast.subscribe({ capacity: 1 });
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(log, "send", broadcast.send(1)));
        await waitAllTasksBlocked();
        await slow.close();
        expect(fast.receiveNowait()).toBe(1);
        expect(broadcast.statistics().openSubscriptions).toBe(1);
      });
      expect(log).toEqual(["send returned"]);
    }));

  test("a subscription works in select(), and its clones share its items", () =>
    withBroadcast(async (broadcast) => {
      using subscriber = broadcast.subscribe();
      using clone = subscriber.clone();
      await taskGroup(async (tg) => {
        tg.startSoon(() => broadcast.send(1));
        await waitAllTasksBlocked();
        const cases = { item: receiving(subscriber), time: elapsed(10) };
        expect(await select(cases)).toEqual({ case: "item", value: 1 });
        expect((await select(cases)).case).toBe("time");
        tg.startSoon(() => broadcast.send(2));
        expect(await clone.receive()).toBe(2);
      });
    }));
});

describe("what becomes of an item without room", () => {
  test('"drop-oldest" loses the item that has waited longest', () =>
    withBroadcast(async (broadcast) => {
      using subscriber = broadcast.subscribe({ capacity: 2, overflow: "drop-oldest" });
      for (const item of [1, 2, 3, 4]) await broadcast.send(item);
      expect(broadcast.statistics().itemsDropped).toBe(2);
      expect([subscriber.receiveNowait(), subscriber.receiveNowait()]).toEqual([3, 4]);
    }));

  test('"drop-newest" loses the new item', () =>
    withBroadcast(async (broadcast) => {
      using subscriber = broadcast.subscribe({ capacity: 2, overflow: "drop-newest" });
      for (const item of [1, 2, 3, 4]) await broadcast.send(item);
      expect(broadcast.statistics().itemsDropped).toBe(2);
      expect([subscriber.receiveNowait(), subscriber.receiveNowait()]).toEqual([1, 2]);
    }));

  test.each(["drop-oldest", "drop-newest"] as const)(
    '"%s" at capacity 0 gives items to a receiver that waits, and loses all others',
    (overflow) =>
      withBroadcast(async (broadcast, log) => {
        using subscriber = broadcast.subscribe({ overflow });
        await broadcast.send(1);
        await taskGroup(async (tg) => {
          tg.startSoon(() => noted(log, "receive", subscriber.receive()));
          await waitAllTasksBlocked();
          await broadcast.send(2);
        });
        expect(log).toEqual(["receive: 2"]);
        expect(broadcast.statistics().itemsDropped).toBe(1);
      }),
  );

  test('"fail" cuts the subscriber off: it drains, then gets BrokenResourceError for ever', () =>
    withBroadcast(async (broadcast) => {
      using slow = broadcast.subscribe({ capacity: 1, overflow: "fail" });
      using other = broadcast.subscribe({ capacity: 5 });
      await broadcast.send(1);
      await broadcast.send(2);
      await broadcast.send(3);
      expect(broadcast.statistics().openSubscriptions).toBe(1);
      expect(await slow.receive()).toBe(1);
      await expect(slow.receive()).rejects.toThrow(BrokenResourceError);
      await expect(
        (async () => {
          for await (const item of slow) expect(item).toBeUndefined();
        })(),
      ).rejects.toThrow(BrokenResourceError);
      expect([1, 2, 3].map(() => other.receiveNowait())).toEqual([1, 2, 3]);
    }));

  test('one that falls behind holds back nobody, if it does not say "wait"', () =>
    withBroadcast(async (broadcast) => {
      using lossy = broadcast.subscribe({ capacity: 1, overflow: "drop-oldest" });
      using exact = broadcast.subscribe({ capacity: 3 });
      for (const item of [1, 2, 3]) broadcast.sendNowait(item);
      expect([1, 2, 3].map(() => exact.receiveNowait())).toEqual([1, 2, 3]);
      expect(lossy.receiveNowait()).toBe(3);
    }));
});

describe("the end of a broadcast", () => {
  test("subscribers drain what waits for them, then get EndOfStream for ever", () =>
    withBroadcast(async (broadcast, log) => {
      using full = broadcast.subscribe({ capacity: 2 });
      using waiting = broadcast.subscribe({ capacity: 2 });
      await broadcast.send(1);
      waiting.receiveNowait();
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(log, "receive", waiting.receive()));
        await waitAllTasksBlocked();
        await broadcast.close();
        await broadcast.close();
      });
      expect(log).toEqual(["receive threw EndOfStream"]);
      const items: number[] = [];
      for await (const item of full) items.push(item);
      expect(items).toEqual([1]);
      await expect(full.receive()).rejects.toThrow(EndOfStream);
      expect(full.statistics().openSendStreams).toBe(0);
    }));

  test("makes waiting and later sends, and subscribe(), throw ClosedResourceError", () =>
    withBroadcast(async (broadcast, log) => {
      using subscriber = broadcast.subscribe();
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(log, "send", broadcast.send(1)));
        await waitAllTasksBlocked();
        await broadcast[Symbol.asyncDispose]();
      });
      expect(log).toEqual(["send threw ClosedResourceError"]);
      await expect(broadcast.send(2)).rejects.toThrow(ClosedResourceError);
      expect(() => broadcast.sendNowait(2)).toThrow(ClosedResourceError);
      expect(() => broadcast.subscribe()).toThrow(ClosedResourceError);
      expect(() => subscriber.receiveNowait()).toThrow(EndOfStream);
    }));

  test("one select on two subscriptions without capacity loses the item of neither", () =>
    withBroadcast(async (broadcast, log) => {
      const one = broadcast.subscribe({ capacity: 0 });
      const other = broadcast.subscribe({ capacity: 0 });
      await taskGroup(async (tg) => {
        tg.startSoon(async () => {
          for (let step = 0; step < 2; step++) {
            const { case: from, value } = await select({
              one: receiving(one),
              other: receiving(other),
            });
            log.push(`${from}: ${value}`);
          }
        });
        await waitAllTasksBlocked();
        await broadcast.send(7);
      });
      expect(log.toSorted()).toEqual(["one: 7", "other: 7"]);
      await one.close();
      await other.close();
    }));

  test("a subscriber may close before and after it, and twice", () =>
    withBroadcast(async (broadcast) => {
      const before = broadcast.subscribe();
      const after = broadcast.subscribe();
      await before.close();
      await before.close();
      await broadcast.close();
      await after.close();
      await expect(after.receive()).rejects.toThrow(ClosedResourceError);
    }));
});

test("subscribe() names wrong options", () => {
  using broadcast = new Broadcast<number>();
  expect(() => broadcast.subscribe({ capacity: -1 })).toThrow(/-1/);
  expect(() => broadcast.subscribe({ capacity: 1.5 })).toThrow(RangeError);
  expect(() => broadcast.subscribe({ overflow: "block" as never })).toThrow(
    /"drop-oldest".*"block"/,
  );
});
