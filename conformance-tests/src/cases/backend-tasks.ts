import { shield, sleep, sleepForever, taskGroup, waitAllTasksBlocked } from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { Deferred } from "./deferred.ts";
import { FakeCore } from "./fake-core.ts";

/** B17 and B18: when the host sees a task as ended. */
export const backendTaskCases: readonly Case[] = [
  timeless("B17.1", "run() resolves after its task has settled", async (t) => {
    const core = new FakeCore(t.backend);
    await t.backend.run(
      core.task(
        "root",
        () => core.reschedule(undefined),
        (event) => t.log.push(event),
      ),
    );
    t.log.push("run resolved");
    t.expectLog(["root runs", "root has settled", "run resolved"]);
  }),
  timeless(
    "B17.2",
    "Every task is started once and settled once, with what its run() resolved with",
    async (t) => {
      const boom = new Error("boom");
      const core = new FakeCore(t.backend);
      await core.run(async () => {
        let left = 2;
        const all = new Deferred<void>();
        const settled = (event: string): void => {
          if (event.endsWith("has settled") && --left === 0) all.resolve();
        };
        t.backend.spawn(core.task("ok", async () => "value", settled));
        t.backend.spawn(core.task("failing", () => Promise.reject(boom), settled));
        await core.parked(all.promise);
      });
      const [ok, failing] = ["ok", "failing"].map((name) =>
        t.watch.tasks.find((task) => task.name === name),
      );
      t.equal([ok?.started, failing?.started], [1, 1], "how often each was started");
      t.equal(
        ok?.outcomes,
        [{ tag: "ok", value: "value" }],
        "the outcomes of the one that returned",
      );
      t.equal(
        failing?.outcomes,
        [{ tag: "failed", error: boom }],
        "the outcomes of the one that threw",
      );
    },
  ),
  virtual("B17.3", "A run resolves only after every task started in it has settled", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        tg.startSoon(() => sleep(10));
        tg.startSoon(async () => tg.startSoon(() => sleep(20)));
      }),
    );
    t.equal(
      t.watch.tasks.map((task) => task.outcomes.length),
      [1, 1, 1, 1],
      "how often each task was settled",
    );
  }),
  virtual(
    "B17.4",
    "A run that fails resolves its host only after every task started in it has settled",
    async (t) => {
      const work = t.run(() =>
        taskGroup((tg) => {
          tg.startSoon(() => sleepForever().finally(() => shield(() => sleep(10))));
          tg.startSoon(() => Promise.reject(new Error("boom")));
        }),
      );
      await t.rejects(work);
      t.equal(
        t.watch.tasks.map((task) => task.outcomes.length),
        [1, 1, 1],
        "how often each task was settled",
      );
    },
  ),
  virtual(
    "B18.1",
    "A task that the host cancels settles after it has unwound, not before",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          tg.startSoon(() => sleepForever().finally(() => shield(() => sleep(10))), {
            name: "victim",
          });
          await waitAllTasksBlocked();
          const victim = t.watch.tasks.find((task) => task.name === "victim");
          victim?.cancel();
          await sleep(5);
          t.equal(victim?.outcomes.length, 0, "settled while it unwinds");
          await sleep(10);
          t.equal(victim?.outcomes.length, 1, "settled after it has unwound");
        }),
      );
    },
  ),
  virtual(
    "B18.2",
    "A run whose root task the host cancels ends after the task has unwound, not before",
    async (t) => {
      const running = t.run(
        () =>
          sleepForever().finally(() => shield(() => sleep(10).then(() => t.log.push("unwound")))),
        {
          name: "root",
        },
      );
      await t.turn();
      t.watch.tasks.find((task) => task.name === "root")?.cancel();
      await t.rejects(running);
      t.log.push("run ended");
      t.expectLog(["unwound", "run ended"]);
    },
  ),
];
