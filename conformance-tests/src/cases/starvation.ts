import {
  CancelScope,
  cancelScope,
  checkpoint,
  currentScope,
  gather,
  now,
  sleep,
  sleepForever,
  taskGroup,
} from "@anywhen/core";
import { real, timeless, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";
import { inputPulse, keepsPulse, patience, timerPulse } from "./pulse.ts";

export const starvationCases: readonly Case[] = [
  real("K4.1", "A loop over checkpoint() lets timers run", async (t) => {
    await t.run(() => keepsPulse(t, timerPulse, () => checkpoint()));
  }),
  real("K4.2", "A loop over checkpoint() lets I/O run", async (t) => {
    await t.run(() => keepsPulse(t, inputPulse, () => checkpoint()));
  }),
  real("K4.3", "A loop over a wait for what has happened already lets timers run", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(async () => {});
        await keepsPulse(t, timerPulse, () => handle.wait());
      }),
    );
  }),
  real("K4.4", "A loop over sleeps of no length lets timers run", async (t) => {
    await t.run(() => keepsPulse(t, timerPulse, () => sleep(0)));
  }),
  real("K4.5", "A loop over empty helpers lets timers run", async (t) => {
    await t.run(() => keepsPulse(t, timerPulse, () => gather()));
  }),
  real("K4.6", "Two tasks that pass checkpoints in turn let timers run", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        let over = false;
        tg.startSoon(async () => {
          while (!over) await checkpoint();
        });
        await keepsPulse(t, timerPulse, () => checkpoint()).finally(() => {
          over = true;
        });
      }),
    );
  }),
  timeless("K4.7", "The clock is not read at every checkpoint that does not wait", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(async () => {});
        await handle.wait();
        const before = t.watch.clockReads;
        for (let count = 0; count < 1_000; count += 1) await handle.wait();
        const reads = t.watch.clockReads - before;
        t.ok(
          reads < 500,
          `a thousand checkpoints read the clock far fewer times, not ${reads} times`,
        );
      }),
    );
  }),
  real("K4.8", "A deadline ends a loop over checkpoint()", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope({ deadline: now() + 30 });
      const patient = patience();
      await scope.run(async () => {
        while (patient()) await checkpoint();
      });
      t.ok(scope.cancelledCaught, "the deadline cancelled the loop");
    });
  }),

  real("K4.9", "A loop over cancellations of many waits lets timers run", async (t) => {
    await t.run(() =>
      keepsPulse(t, timerPulse, () =>
        cancelScope(async (scope) => {
          const waits = Array.from({ length: 100 }, () => sleepForever().catch(() => {}));
          scope.cancel();
          await Promise.all(waits);
        }),
      ),
    );
  }),

  real("C13.3", "A loop that swallows Cancelled for ever still lets timers run", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        t.ok(currentScope()?.cancelled, "the scope is cancelled");
        await keepsPulse(t, timerPulse, () => checkpoint().catch(() => {}));
      }),
    );
  }),
  real(
    "C13.4",
    "A loop that swallows Cancelled from sleep() for ever still lets I/O run",
    async (t) => {
      await t.run(() =>
        inCancelledScope(() => keepsPulse(t, inputPulse, () => sleep(1).catch(() => {}))),
      );
    },
  ),
  timeless(
    "C13.5",
    "A loop that swallows Cancelled for ever still lets other tasks run",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          let over = false;
          tg.startSoon(async () => {
            for (let step = 0; step < 5; step += 1) await checkpoint();
            over = true;
          });
          await inCancelledScope(async () => {
            for (let count = 0; count < 200_000 && !over; count += 1)
              await checkpoint().catch(() => {});
          });
          t.ok(over, "the other task came to its end");
        }),
      );
    },
  ),
];
