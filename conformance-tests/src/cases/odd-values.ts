import { cancelScope, moveOnAfter, run, sleep, TaskFailed, taskGroup } from "@anywhen/core";
import { real, timeless, virtual, type Case } from "../case.ts";
import { keepsPulse, timerPulse } from "./pulse.ts";

/** A value that throws when somebody looks at it. */
function unreadable(): object {
  return {
    get name(): string {
      throw new Error("nobody may read this");
    },
  };
}

/** An error whose name is no text. */
function unprintable(): Error {
  return Object.assign(new Error("odd"), { name: Symbol("odd") });
}

/** A query that begins its work when somebody awaits it. */
function lazily(work: () => Promise<unknown>): PromiseLike<unknown> {
  return { then: (resolve, reject) => work().then(resolve, reject) };
}

/** Rules that hold whatever is thrown, returned or left behind. */
export const oddValueCases: readonly Case[] = [
  timeless("T2.8", "A group takes whatever is thrown, also what cannot be shown", async (t) => {
    for (const thrown of [unreadable(), unprintable(), Object.create(null), null, undefined]) {
      const error = await t.run(() =>
        t.rejects(
          taskGroup((tg) => {
            tg.startSoon(() => Promise.reject(thrown));
          }),
        ),
      );
      t.same((error as AggregateError).errors[0], thrown);
    }
  }),
  timeless("C3.50", "cancel() takes any reason, also one that cannot be shown", async (t) => {
    for (const reason of [unreadable(), unprintable(), Object.create(null)]) {
      await t.run(() =>
        cancelScope((scope) => {
          scope.cancel(reason);
          t.same(scope.cancelReason, reason);
        }),
      );
    }
  }),
  timeless("T16.50", "result() throws TaskFailed whatever the task threw", async (t) => {
    await t.run(() =>
      t.rejects(
        taskGroup(async (tg) => {
          const handle = tg.startSoon(() => Promise.reject(Object.create(null)));
          await t.rejects(handle.result(), TaskFailed);
        }),
      ),
    );
  }),
  timeless("T19.50", "A result() that is awaited late is no unhandled rejection", async (t) => {
    await t.run(() =>
      t.rejects(
        taskGroup(async (tg) => {
          const handle = tg.startSoon(() => Promise.reject(new Error("early")));
          const result = handle.result();
          await handle.wait().catch(() => {});
          await t.turn();
          await t.rejects(result);
        }),
      ),
    );
  }),
  virtual("C1.50", "A body that returns a lazy thenable runs it inside its scope", async (t) => {
    await t.run(() =>
      moveOnAfter(20, () =>
        lazily(() =>
          sleep(1_000).catch((error: unknown) => {
            t.log.push("cancelled");
            throw error;
          }),
        ),
      ),
    );
    t.expectLog(["cancelled"]);
  }),
  virtual("T3.50", "A task that returns a lazy thenable runs it inside the task", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handle = await moveOnAfter(1_000, () =>
          tg.startSoon(() => lazily(() => sleep(1_000))),
        );
        await t.turn();
        handle?.cancel();
        await handle?.wait();
        t.equal(handle?.state, "cancelled", "the state of the task");
      }),
    );
  }),
  real("K4.50", "A loop in a scope that has ended lets timers run", async (t) => {
    await t.run(async () => {
      let stray: Promise<void> | undefined;
      await cancelScope(() => {
        stray = t.turn().then(() => keepsPulse(t, timerPulse, () => sleep(1).catch(() => {})));
      });
      await stray;
    });
  }),
  real("K4.51", "A loop over runs lets timers run", async (t) => {
    await keepsPulse(t, timerPulse, () => run(() => 1, { backend: t.backend }));
  }),
];
