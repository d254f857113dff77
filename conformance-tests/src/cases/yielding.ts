import {
  CancelScope,
  checkpoint,
  gather,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { should, timeless, type Case } from "../case.ts";
import { Gate } from "./gate.ts";

/** K5: what has run when a checkpoint returns. */
export const yieldingCases: readonly Case[] = [
  timeless(
    "K5.1",
    "checkpoint() returns after every task that was resumed before the call has run",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const scopes = [new CancelScope(), new CancelScope(), new CancelScope()];
          for (const scope of scopes) {
            tg.startSoon(() =>
              scope.run(async () => {
                await sleepForever().catch(() => {});
                t.log.push("resumed");
              }),
            );
          }
          await waitAllTasksBlocked();
          for (const scope of scopes) scope.cancel();
          await checkpoint();
          t.log.push("checkpoint returned");
        }),
      );
      t.expectLog(["resumed", "resumed", "resumed", "checkpoint returned"]);
    },
  ),
  timeless("K5.2", "Two tasks that call checkpoint() in turn take turns", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        for (const name of ["a", "b"]) {
          tg.startSoon(async () => {
            for (let step = 0; step < 3; step += 1) {
              t.log.push(`${name}${step}`);
              await checkpoint();
            }
          });
        }
      }),
    );
    const steps = t.log.map((event) => event.slice(1));
    t.equal(
      steps,
      ["0", "0", "1", "1", "2", "2"],
      "both tasks pass a step before either begins the next",
    );
  }),
  timeless("K5.3", "waitAllTasksBlocked() returns once every other task waits", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        tg.startSoon(async () => {
          for (let step = 0; step < 5; step += 1) await checkpoint();
          t.log.push("about to wait");
          await sleepForever();
        });
        await waitAllTasksBlocked();
        t.log.push("all blocked");
        tg.cancel();
      }),
    );
    t.expectLog(["about to wait", "all blocked"]);
  }),
  timeless(
    "K5.4",
    "waitAllTasksBlocked() counts a task that awaits a foreign promise as running",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          tg.startSoon(async () => {
            await t.turn();
            await t.turn();
            t.log.push("foreign promise done");
            await sleepForever();
          });
          await waitAllTasksBlocked();
          t.log.push("all blocked");
          tg.cancel();
        }),
      );
      t.expectLog(["foreign promise done", "all blocked"]);
    },
  ),
  should(
    timeless("K5.5", "Several tasks may wait in waitAllTasksBlocked() at once", async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const gate = new Gate();
          tg.startSoon(() => gate.wait());
          await gather(
            () => waitAllTasksBlocked(),
            () => waitAllTasksBlocked(),
          );
          gate.open();
        }),
      );
    }),
  ),
];
