import {
  CancelScope,
  currentEffectiveDeadline,
  moveOnAfter,
  now,
  sleepForever,
  taskGroup,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";

/** C9 and C10: what a deadline that passes leaves, and which of several counts. */
export const nestedDeadlineCases: readonly Case[] = [
  virtual("C9.1", "A deadline that passes makes cancelCalled true", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope({ deadline: now() + 10 });
      await scope.run(() => sleepForever());
      t.equal(
        [scope.cancelCalled, scope.cancelledCaught],
        [true, true],
        "[cancelCalled, cancelledCaught]",
      );
    });
  }),
  virtual("C9.2", "A deadline that passes gives a reason that says so", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope({ deadline: now() + 10 });
      await scope.run(() => sleepForever());
      t.ok(
        /deadline|time/i.test(String(scope.cancelReason)),
        `the reason ${String(scope.cancelReason)} speaks of the deadline`,
      );
    });
  }),
  virtual("C10.1", "When the inner deadline is earlier, the inner scope absorbs", async (t) => {
    await t.run(async () => {
      await moveOnAfter(20, async () => {
        await moveOnAfter(10, () => sleepForever());
        t.log.push("after the inner scope");
      });
    });
    t.expectLog(["after the inner scope"]);
  }),
  virtual("C10.2", "When the outer deadline is earlier, the outer scope absorbs", async (t) => {
    await t.run(async () => {
      const start = now();
      await moveOnAfter(10, async () => {
        await moveOnAfter(20, () => sleepForever());
        t.log.push("unreached");
      });
      t.equal(now() - start, 10, "the instant of the cancellation");
    });
    t.expectLog([]);
  }),
  virtual(
    "C10.3",
    "currentEffectiveDeadline() is the earliest of the enclosing scopes",
    async (t) => {
      await t.run(async () => {
        const start = now();
        t.equal(currentEffectiveDeadline(), Infinity, "outside every deadline");
        await moveOnAfter(20, () =>
          moveOnAfter(30, async () => {
            t.equal(currentEffectiveDeadline() - start, 20, "the outer one is earlier");
            await moveOnAfter(10, () =>
              t.equal(currentEffectiveDeadline() - start, 10, "the inner one is earlier"),
            );
          }),
        );
      });
    },
  ),
  virtual(
    "C10.4",
    "currentEffectiveDeadline() looks no further than the nearest shield",
    async (t) => {
      await t.run(async () => {
        const start = now();
        await moveOnAfter(10, () =>
          moveOnAfter(30, () => t.equal(currentEffectiveDeadline() - start, 30), { shield: true }),
        );
      });
    },
  ),
  timeless("C10.5", "currentEffectiveDeadline() is -Infinity in a cancelled scope", async (t) => {
    await t.run(() => inCancelledScope(async () => t.equal(currentEffectiveDeadline(), -Infinity)));
  }),
  virtual("C10.6", "A deadline reaches into the tasks of a group", async (t) => {
    await t.run(async () => {
      const start = now();
      await moveOnAfter(10, () =>
        taskGroup((tg) => {
          tg.startSoon(async () => {
            t.equal(
              currentEffectiveDeadline() - start,
              10,
              "currentEffectiveDeadline() in the task",
            );
            await sleepForever();
          });
        }),
      );
      t.equal(now() - start, 10, "the instant of the cancellation");
    });
  }),
];
