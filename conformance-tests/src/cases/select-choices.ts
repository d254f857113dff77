import {
  CancelScope,
  Cancelled,
  ClosedResourceError,
  BrokenResourceError,
  EndOfStream,
  Event,
  WouldBlock,
  elapsed,
  happened,
  memoryStream,
  moveOnAfter,
  receiving,
  select,
  sending,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";
import { expectStatistics, noted } from "./memory-stream-case.ts";
import { chosen, onTwo } from "./select-case.ts";

/** M15 to M17: which case a select chooses, and when it fails. */
export const selectChoiceCases: readonly Case[] = [
  onTwo("M15.1", "No ready case starves", Infinity, async (t, first, second) => {
    const counts = { first: 0, second: 0, third: 0 };
    const event = new Event();
    event.set();
    for (let item = 0; item < 300; item += 1) {
      first.send.sendNowait(item);
      second.send.sendNowait(item);
    }
    for (let turn = 0; turn < 300; turn += 1) {
      const result = await select({
        first: receiving(first.receive),
        second: receiving(second.receive),
        third: happened(event),
      });
      counts[result.case] += 1;
    }
    for (const [name, count] of Object.entries(counts)) {
      t.ok(count >= 50, `case ${name} is taken in a fair share of 300 calls, not in ${count}`);
    }
  }),
  onTwo(
    "M15.2",
    "No ready case starves where two loops select in turn",
    Infinity,
    async (t, first, second) => {
      const event = new Event();
      event.set();
      const counts = [0, 0];
      for (let turn = 0; turn < 100; turn += 1) {
        for (const [loop, ends] of [first, second].entries()) {
          const { case: name } = await select({
            out: sending(ends.send, turn),
            event: happened(event),
          });
          if (name === "out") counts[loop] = (counts[loop] as number) + 1;
        }
      }
      for (const count of counts) {
        t.ok(
          count >= 20 && count <= 80,
          `a loop takes either case in a fair share of 100 calls; one of them in ${count}`,
        );
      }
    },
  ),
  onTwo(
    "M15.3",
    "With priority the first ready case in order is taken, always",
    Infinity,
    async (t, first, second) => {
      for (let item = 0; item < 20; item += 1) {
        first.send.sendNowait(item);
        second.send.sendNowait(item);
      }
      const cases = { second: receiving(second.receive), first: receiving(first.receive) };
      for (let turn = 0; turn < 20; turn += 1) {
        t.equal(await select(cases, { priority: true }), { case: "second", value: turn });
      }
      t.equal(
        (await select(cases, { priority: true })).case,
        "first",
        "the case when the other is not ready",
      );
    },
  ),

  onTwo(
    "M16.1",
    "A case whose stream has ended makes select throw EndOfStream",
    1,
    async (t, first, second) => {
      await first.send.close();
      await t.rejects(
        () => select({ a: receiving(second.receive), b: receiving(first.receive) }),
        EndOfStream,
      );
      expectStatistics(t, second, { max: 1 }, "of the other stream");
    },
  ),
  onTwo("M16.2", "A case whose stream has ended but holds items is ready", 1, async (t, first) => {
    first.send.sendNowait(1);
    await first.send.close();
    t.equal(await select({ a: receiving(first.receive) }), { case: "a", value: 1 });
  }),
  onTwo(
    "M16.3",
    "A case whose stream broke makes select throw BrokenResourceError",
    1,
    async (t, first, second) => {
      await first.receive.close();
      await t.rejects(
        () => select({ a: receiving(second.receive), b: sending(first.send, 1) }),
        BrokenResourceError,
      );
    },
  ),
  onTwo(
    "M16.4",
    "A case on a closed end makes select throw ClosedResourceError",
    1,
    async (t, first, second) => {
      await first.receive.close();
      await second.send.close();
      await t.rejects(() => select({ a: receiving(first.receive) }), ClosedResourceError);
      await t.rejects(() => select({ a: sending(second.send, 1) }), ClosedResourceError);
    },
  ),
  onTwo(
    "M16.5",
    "A stream that ends while select waits makes it throw, and leave the other streams",
    0,
    async (t, first, second) => {
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          noted(t, "select", chosen({ a: receiving(first.receive), b: sending(second.send, 1) })),
        );
        await waitAllTasksBlocked();
        void first.send.close();
        expectStatistics(t, second, {}, "of the other stream right after the close");
      });
      t.expectLog(["select threw EndOfStream"]);
    },
  ),
  onTwo(
    "M16.6",
    "A stream that breaks, or an end that is closed, while select waits makes it throw",
    0,
    async (t, first, second) => {
      await taskGroup(async (tg) => {
        tg.startSoon(() => noted(t, "a", chosen({ out: sending(first.send, 1) })));
        tg.startSoon(() => noted(t, "b", chosen({ in: receiving(second.receive) })));
        await waitAllTasksBlocked();
        void first.receive.close();
        void second.receive.close();
      });
      t.expectLogInAnyOrder(["a threw BrokenResourceError", "b threw ClosedResourceError"]);
    },
  ),
  onTwo("M16.7", "With an ended case select commits nothing", 1, async (t, first, second) => {
    second.send.sendNowait(1);
    await first.send.close();
    await t.rejects(
      () => select({ b: receiving(second.receive), a: receiving(first.receive) }),
      EndOfStream,
    );
    expectStatistics(t, second, { max: 1, used: 1 }, "of the other stream");
  }),

  onTwo(
    "M17.1",
    "select is a checkpoint: in a cancelled scope it commits nothing",
    1,
    async (t, first, second) => {
      first.send.sendNowait(1);
      await inCancelledScope(async () => {
        await t.rejects(
          () => select({ in: receiving(first.receive), out: sending(second.send, 1) }),
          Cancelled,
        );
      });
      expectStatistics(t, first, { max: 1, used: 1 }, "of the first stream");
      expectStatistics(t, second, { max: 1 }, "of the second stream");
    },
  ),
  onTwo(
    "M17.2",
    "A select that is cancelled while it waits leaves every queue at once",
    0,
    async (t, first, second) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          scope.run(() =>
            noted(
              t,
              "select",
              chosen({
                in: receiving(first.receive),
                out: sending(second.send, 1),
                time: elapsed(Infinity),
              }),
            ),
          ),
        );
        await waitAllTasksBlocked();
        scope.cancel();
        t.throws(() => first.send.sendNowait(1), WouldBlock);
        t.throws(() => second.receive.receiveNowait(), WouldBlock);
        expectStatistics(t, first, {}, "of the first stream");
        expectStatistics(t, second, {}, "of the second stream");
      });
      t.expectLog(["select threw Cancelled"]);
    },
  ),
  onTwo(
    "M17.3",
    "A select that was served and then cancelled returns what it got",
    0,
    async (t, first, second) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          scope.run(() =>
            noted(
              t,
              "select",
              chosen({ a: receiving(first.receive), b: receiving(second.receive) }),
            ),
          ),
        );
        await waitAllTasksBlocked();
        first.send.sendNowait(1);
        scope.cancel();
      });
      t.expectLog(["select: a=1"]);
    },
  ),
  virtual("M17.4", "A deadline ends a select, and leaves no timer", async (t) => {
    await t.run(async () => {
      const [send, receive] = memoryStream<number>();
      const cases = { in: receiving(receive), time: elapsed(1_000) };
      t.equal(await moveOnAfter(10, () => select(cases)), undefined);
      t.equal(t.watch.timersAlive, 0, "the timers that are armed");
      await send.close();
      await receive.close();
    });
  }),

  timeless("M17.5", "select of no cases is a RangeError, of no case a TypeError", async (t) => {
    await t.run(async () => {
      await t.rejects(() => select({}), RangeError, "select({})");
      await t.rejects(() => select({ a: {} }), TypeError, "a case that is a bare object");
      await t.rejects(
        () => select(undefined as unknown as Record<string, never>),
        TypeError,
        "select(undefined)",
      );
      t.throws(() => elapsed(Number.NaN), RangeError, "elapsed(NaN)");
      t.throws(() => receiving({} as never), TypeError, "receiving({})");
      t.throws(() => sending({} as never, 1), TypeError, "sending({})");
      t.throws(() => happened({} as never), TypeError, "happened({})");
    });
  }),
];
