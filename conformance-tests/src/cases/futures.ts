import {
  Cancelled,
  CancelScope,
  checkpoint,
  Future,
  FutureCancelled,
  FutureFailed,
  gather,
  UsageError,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import { inOrder } from "./lessors.ts";

/** L8. */
export const futureCases: readonly Case[] = [
  timeless(
    "L8.1",
    "The value of a future reaches all who wait and all who come later",
    async (t) => {
      await t.run(async () => {
        const future = new Future<object>();
        const value = {};
        const names = ["first", "second"];
        const works = names.map((name) => async () => {
          t.same(await future.wait(), value);
          t.log.push(name);
        });
        await inOrder(works, () => {
          t.equal(future.state, "pending");
          future.setResult(value);
          t.equal(future.state, "finished");
        });
        t.expectLogInAnyOrder(names);
        t.same(await future.wait(), value);
      });
    },
  ),
  timeless(
    "L8.2",
    "The error of a future reaches every wait as FutureFailed with the error as its cause",
    async (t) => {
      await t.run(async () => {
        const future = new Future<string>();
        const boom = new Error("boom");
        const wait = async (): Promise<void> => {
          const error = (await t.rejects(() => future.wait(), FutureFailed)) as FutureFailed;
          t.same(error.cause, boom);
          t.equal(error.code, "ERR_FUTURE_FAILED");
          t.ok(!(error instanceof FutureCancelled), "it was not cancelled");
          t.ok(error.message.includes("boom"), error.message);
          t.log.push("failed");
        };
        await inOrder([wait], () => future.setError(boom));
        await wait();
        t.equal(future.state, "failed");
        t.expectLog(["failed", "failed"]);
      });
    },
  ),
  timeless(
    "L8.3",
    "A cancelled future reaches every wait as FutureCancelled, which is no Cancelled",
    async (t) => {
      await t.run(async () => {
        const future = new Future<string>();
        const wait = async (): Promise<void> => {
          const error = (await t.rejects(() => future.wait(), FutureCancelled)) as FutureCancelled;
          t.equal([error.code, error.cause], ["ERR_FUTURE_CANCELLED", "no need"]);
          t.ok(error instanceof FutureFailed, "whoever catches FutureFailed catches it too");
          t.log.push("cancelled");
        };
        await inOrder([wait], () => future.cancel("no need"));
        await wait();
        t.equal(future.state, "cancelled");
        t.expectLog(["cancelled", "cancelled"]);
      });
    },
  ),
  timeless(
    "L8.4",
    "Cancelling a waiter leaves the future and the other waiters alone",
    async (t) => {
      await t.run(async () => {
        const future = new Future<string>();
        const scope = new CancelScope();
        const work = async (): Promise<void> => void t.log.push(await future.wait());
        await inOrder([() => scope.run(work), work], () => {
          scope.cancel();
          t.equal(future.state, "pending");
          t.equal(future.statistics(), { tasksWaiting: 1 });
          future.setResult("value");
        });
        t.expectLog(["value"]);
      });
    },
  ),
  timeless("L8.5", "Setting a future twice is a UsageError and changes nothing", async (t) => {
    await t.run(async () => {
      const finished = new Future<number>();
      finished.setResult(1);
      const failed = new Future<number>();
      failed.setError(new Error("boom"));
      for (const future of [finished, failed]) {
        t.throws(() => future.setResult(2), UsageError);
        t.throws(() => future.setError(new Error("again")), UsageError);
      }
      t.equal(await finished.wait(), 1);
      await t.rejects(() => failed.wait(), FutureFailed);
    });
  }),
  timeless("L8.6", "Setting a cancelled future is a UsageError", async (t) => {
    const future = new Future<number>();
    future.cancel();
    const { message } = t.throws(() => future.setResult(1), UsageError) as Error;
    t.ok(message.includes("cancelled"), message);
    t.throws(() => future.setError(1), UsageError);
    await t.run(() => t.rejects(() => future.wait(), FutureCancelled));
  }),
  timeless(
    "L8.7",
    "cancel() of a future that is done does nothing: the first reason stands",
    async (t) => {
      await t.run(async () => {
        const finished = new Future<number>();
        finished.setResult(1);
        finished.cancel();
        t.equal([finished.state, await finished.wait()], ["finished", 1]);
        const cancelled = new Future<number>();
        cancelled.cancel("first");
        cancelled.cancel("second");
        const error = (await t.rejects(() => cancelled.wait(), FutureCancelled)) as Error;
        t.equal(error.cause, "first");
      });
    },
  ),
  timeless(
    "L8.8",
    "A failed future that nobody waits for raises no unhandled rejection",
    async (t) => {
      const [failed, cancelled] = [new Future<number>(), new Future<number>()];
      failed.setError(new Error("boom"));
      cancelled.cancel();
      await t.turn();
      await t.turn();
      t.equal(t.takeHostErrors(), []);
    },
  ),
  timeless(
    "L8.9",
    "A waiter whose future is set and which is then cancelled in the same turn has the value",
    async (t) => {
      await t.run(async () => {
        const future = new Future<string>();
        const scope = new CancelScope();
        const work = async (): Promise<void> => {
          t.log.push(await future.wait());
          await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
        };
        await inOrder([() => scope.run(work)], () => {
          future.setResult("value");
          scope.cancel();
        });
        t.expectLog(["value"]);
      });
    },
  ),
  timeless(
    "L8.10",
    "A waiter that is cancelled before its future is set in the same turn throws Cancelled",
    async (t) => {
      await t.run(async () => {
        const future = new Future<string>();
        const scope = new CancelScope();
        await inOrder([() => scope.run(() => t.rejects(() => future.wait(), Cancelled))], () => {
          scope.cancel();
          future.setResult("value");
        });
      });
    },
  ),
  timeless("L8.11", "Each wait for a failed future throws an error of its own", async (t) => {
    await t.run(async () => {
      const future = new Future<string>();
      const catchIt = (): Promise<unknown> => t.rejects(() => future.wait(), FutureFailed);
      const [first, second] = await gather(catchIt, catchIt, async () => {
        await waitAllTasksBlocked();
        future.setError("no Error, but thrown all the same");
      });
      const [third, fourth] = await gather(catchIt, catchIt);
      t.equal(new Set([first, second, third, fourth]).size, 4, "how many errors there are");
      t.same((first as Error).cause, "no Error, but thrown all the same");
    });
  }),
];
