import {
  CancelScope,
  Cancelled,
  checkpoint,
  elapsed,
  receiving,
  select,
  sending,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { real, timeless, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";
import { expectStatistics, onStream, withStream, type Ends } from "./memory-stream-case.ts";
import { inputPulse, keepsPulse, timerPulse } from "./pulse.ts";

type Call = (ends: Ends) => Promise<unknown>;

/** Everything on a memory stream that can wait, by name. */
const calls: readonly (readonly [string, Call])[] = [
  ["send()", ({ send }) => send.send(9)],
  ["receive()", ({ receive }) => receive.receive()],
  ["a step of a loop", ({ receive }) => receive[Symbol.asyncIterator]().next()],
  ["select() that sends", ({ send }) => select({ out: sending(send, 9) })],
  ["select() that receives", ({ receive }) => select({ in: receiving(receive) })],
  [
    "select() with priority",
    ({ receive }) => select({ in: receiving(receive) }, { priority: true }),
  ],
];

/** One item is there and one place is free, so nothing would have to wait. */
const cancelledWhenCalled = calls.map(([name, call], index) =>
  onStream(
    `K1.${index + 101}`,
    `${name} rejects with Cancelled when its scope is cancelled already`,
    2,
    async (t, ends) => {
      ends.send.sendNowait(1);
      await inCancelledScope(async () => {
        await t.rejects(() => call(ends), Cancelled);
      });
      expectStatistics(t, ends, { max: 2, used: 1 }, "afterwards");
    },
  ),
);

const closedWhenCalled = calls.map(([name, call], index) =>
  onStream(
    `K1.${index + 111}`,
    `${name} on closed ends rejects with Cancelled when its scope is cancelled`,
    2,
    async (t, ends) => {
      await ends.send.close();
      await ends.receive.close();
      await inCancelledScope(async () => {
        await t.rejects(() => call(ends), Cancelled);
      });
    },
  ),
);

const cancelledWhileWaiting = calls.map(([name, call], index) =>
  onStream(
    `K1.${index + 121}`,
    `${name} rejects with Cancelled when its scope is cancelled while it waits`,
    0,
    async (t, ends) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          scope.run(async () => {
            await t.rejects(() => call(ends), Cancelled);
          }),
        );
        await waitAllTasksBlocked();
        scope.cancel();
        expectStatistics(t, ends, {}, "right after the cancellation");
      });
    },
  ),
);

/** What makes a waiting call take effect. */
function serve(name: string, { send, receive }: Ends): void {
  if (name.includes("send")) receive.receiveNowait();
  else send.sendNowait(1);
}

const servedThenCancelled = calls.map(([name, call], index) =>
  onStream(
    `K2.${index + 101}`,
    `${name} that took effect returns although its scope is cancelled in the same turn`,
    0,
    async (t, ends) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          scope.run(async () => {
            await call(ends);
            t.log.push("returned");
            await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
          }),
        );
        await waitAllTasksBlocked();
        serve(name, ends);
        scope.cancel();
      });
      t.expectLog(["returned"]);
    },
  ),
);

const cancelledThenServed = calls.map(([name, call], index) =>
  onStream(
    `K2.${index + 111}`,
    `${name} that was cancelled has no effect, whatever follows in the same turn`,
    0,
    async (t, ends) => {
      const scope = new CancelScope();
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          scope.run(async () => {
            await t.rejects(() => call(ends), Cancelled);
          }),
        );
        await waitAllTasksBlocked();
        scope.cancel();
        t.throws(() => serve(name, ends), undefined, "the other side finds nobody");
      });
    },
  ),
);

const neverYielding: readonly (readonly [string, Call])[] = [
  ["sends into a buffer", ({ send, receive }) => send.send(1).then(() => receive.receiveNowait())],
  [
    "selects a send",
    ({ send, receive }) =>
      select({ out: sending(send, 1), time: elapsed(Infinity) }).then(() =>
        receive.receiveNowait(),
      ),
  ],
  [
    "receives from a stream that has ended",
    ({ send, receive }) => send.close().then(() => receive.receive().catch(() => {})),
  ],
  [
    "loops over a stream that has ended",
    ({ send, receive }) => send.close().then(() => receive[Symbol.asyncIterator]().next()),
  ],
  [
    "sends into a stream that broke",
    ({ send, receive }) => receive.close().then(() => send.send(1).catch(() => {})),
  ],
  [
    "selects on a stream that has ended",
    ({ send, receive }) =>
      send.close().then(() => select({ in: receiving(receive) }).catch(() => {})),
  ],
  [
    "receives from a buffer",
    ({ send, receive }) => {
      send.sendNowait(1);
      return receive.receive();
    },
  ],
  [
    "loops over a buffer",
    ({ send, receive }) => {
      send.sendNowait(1);
      return receive[Symbol.asyncIterator]().next();
    },
  ],
  [
    "selects a receive",
    ({ send, receive }) => {
      send.sendNowait(1);
      return select({ in: receiving(receive) });
    },
  ],
];

const starvation: readonly Case[] = [
  ...neverYielding.map(([name, step], index) =>
    real(`K4.${index + 101}`, `A loop that ${name} lets timers run`, (t) =>
      t.run(() => withStream(1, (ends) => keepsPulse(t, timerPulse, () => step(ends)))),
    ),
  ),
  ...[0, 1].map((capacity) =>
    real(
      `K4.${capacity + 121}`,
      `A producer and a consumer at a capacity of ${capacity} let timers run`,
      (t) =>
        t.run(() =>
          withStream(capacity, ({ send, receive }) =>
            taskGroup(async (tg) => {
              tg.startSoon(async () => {
                for await (const item of receive)
                  t.ok(item === 1, "the item is the one that was sent");
              });
              await keepsPulse(t, timerPulse, () => send.send(1));
              await send.close();
            }).then(() => {}),
          ),
        ),
    ),
  ),
  real("K4.123", "Two tasks that pass an item back and forth let timers and I/O run", (t) =>
    t.run(() =>
      withStream(0, (there) =>
        withStream(0, async (back) => {
          await taskGroup(async (tg) => {
            tg.startSoon(async () => {
              for await (const item of there.receive) await back.send.send(item);
            });
            const roundTrip = async (): Promise<void> => {
              await there.send.send(1);
              await back.receive.receive();
            };
            await keepsPulse(t, timerPulse, roundTrip);
            await keepsPulse(t, inputPulse, roundTrip);
            await there.send.close();
          });
        }),
      ),
    ),
  ),
  timeless("K4.124", "The clock is not read for every item", (t) =>
    t.run(() =>
      withStream(1, async ({ send, receive }) => {
        const before = t.watch.clockReads;
        for (let item = 0; item < 1_000; item += 1) {
          await send.send(item);
          await receive.receive();
        }
        const reads = t.watch.clockReads - before;
        t.ok(reads < 500, `a thousand items read the clock far fewer times, not ${reads} times`);
      }),
    ),
  ),
];

/** K1 to K4 for everything on memory streams. */
export const streamCheckpointCases: readonly Case[] = [
  ...cancelledWhenCalled,
  ...closedWhenCalled,
  ...cancelledWhileWaiting,
  ...servedThenCancelled,
  ...cancelledThenServed,
  ...starvation,
];
