import {
  ScopeCancelledError,
  checkpoint,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
  type TaskHandle,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { hosted } from "../watched-backend.ts";

/** B4: cancellation that comes from the host. */
export const hostCancellationCases: readonly Case[] = [
  virtual(
    "B4.1",
    "Aborting the signal given to run() cancels its root scope with the signal's reason",
    async (t) => {
      const controller = new AbortController();
      const running = t.run(
        () =>
          sleepForever().finally(() => shield(() => sleep(10).then(() => t.log.push("unwound")))),
        {
          signal: controller.signal,
        },
      );
      await t.turn();
      controller.abort("the reason");
      const error = (await t.rejects(running, ScopeCancelledError)) as ScopeCancelledError;
      t.equal(error.reason, "the reason", "the error's reason");
      t.expectLog(["unwound"], "the run ended only after the task had unwound");
    },
  ),
  timeless(
    "B4.2",
    "A run whose signal has been aborted before throws at its first checkpoint",
    async (t) => {
      const running = t.run(
        async () => {
          t.log.push("entered");
          await checkpoint();
          t.log.push("unreached");
        },
        { signal: AbortSignal.abort("the reason") },
      );
      await t.rejects(running, ScopeCancelledError);
      t.expectLog(["entered"]);
    },
  ),
  timeless(
    "B4.3",
    "A run that returned although it was cancelled from outside keeps its value",
    async (t) => {
      const value = await t.run(() => "kept", { signal: AbortSignal.abort() });
      t.equal(value, "kept");
    },
  ),
  timeless("B4.4", "A run that ended listens to its signal no more", async (t) => {
    const listeners = new Set<unknown>();
    const { signal } = new AbortController();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (
      ...[type, listener, options]: Parameters<AbortSignal["addEventListener"]>
    ) => {
      listeners.add(listener);
      add(type, listener, options);
    };
    signal.removeEventListener = (
      ...[type, listener, options]: Parameters<AbortSignal["removeEventListener"]>
    ) => {
      listeners.delete(listener);
      remove(type, listener, options);
    };
    await t.run(() => checkpoint(), { signal });
    t.equal(listeners.size, 0, "the number of listeners left");
  }),
  virtual(
    "B4.5",
    "When the host cancels a task, its scope is cancelled, it unwinds, and only then has it ended",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(
            () =>
              sleepForever().finally(() =>
                shield(() => sleep(10).then(() => t.log.push("unwound"))),
              ),
            { name: "victim" },
          );
          await waitAllTasksBlocked();
          const victim = hosted(t.watch.tasks, "victim");
          victim.cancel("the host's reason");
          t.log.push("cancel returned");
          t.equal(
            [handle.scope.cancelCalled, handle.scope.cancelReason],
            [true, "the host's reason"],
            "[cancelCalled, cancelReason]",
          );
          t.equal(victim.outcomes.length, 0, "settled before it unwound");
          await handle.wait();
          t.equal(
            victim.outcomes.map((outcome) => outcome.tag),
            ["cancelled"],
            "the outcome that the host saw",
          );
          t.equal(handle.state, "cancelled", "the task's state");
        }),
      );
      t.expectLog(["cancel returned", "unwound"]);
    },
  ),
  timeless(
    "B4.6",
    "When the host cancels one task, its siblings and its group go on",
    async (t) => {
      await t.run(async () => {
        const value = await taskGroup(async (tg) => {
          tg.startSoon(() => sleepForever(), { name: "victim" });
          tg.startSoon(async () => {
            for (let step = 0; step < 5; step += 1) await checkpoint();
            t.log.push("sibling ended");
          });
          await waitAllTasksBlocked().then(() => hosted(t.watch.tasks, "victim").cancel());
          return "group goes on";
        });
        t.equal(value, "group goes on");
      });
      t.expectLog(["sibling ended"]);
    },
  ),
  timeless(
    "B4.7",
    "The host may cancel a task before it has begun, twice, and after it has ended",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const handle: TaskHandle = tg.startSoon(() => sleepForever(), { name: "victim" });
          const victim = hosted(t.watch.tasks, "victim");
          victim.cancel("first");
          victim.cancel("second");
          await handle.wait();
          victim.cancel("third");
          t.equal(handle.scope.cancelReason, "first", "the reason that stands");
        }),
      );
    },
  ),
  timeless(
    "B4.8",
    "When the host cancels the root task, the run unwinds and rejects with ScopeCancelledError",
    async (t) => {
      const running = t.run(() => sleepForever().finally(() => t.log.push("unwound")), {
        name: "root",
      });
      await t.turn();
      hosted(t.watch.tasks, "root").cancel("the host's reason");
      const error = (await t.rejects(running, ScopeCancelledError)) as ScopeCancelledError;
      t.equal(error.reason, "the host's reason", "the error's reason");
      t.expectLog(["unwound"]);
    },
  ),
];
