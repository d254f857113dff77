import {
  TaskCancelled,
  TaskFailed,
  TaskGroupError,
  TaskNotFinished,
  UsageError,
  checkpoint,
  currentTask,
  isCancelled,
  runningTasks,
  shield,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
  type TaskHandle,
} from "@anywhen/core";
import { timeless, type Case } from "../case.ts";

/** T16 to T18: what a handle tells, and what it may not do. */
export const handleCases: readonly Case[] = [
  timeless(
    "T16.1",
    "result() resolves with the task's value, during the task and after it",
    async (t) => {
      const value = {};
      await t.run(() =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(async () => value);
          t.same(await handle.result(), value);
          t.same(await handle.result(), value);
          t.same(handle.returnValue, value);
          t.equal([handle.error, handle.state], [undefined, "finished"], "[error, state]");
        }),
      );
    },
  ),
  timeless(
    "T16.2",
    "result() of a failed task throws TaskFailed with the error as its cause",
    async (t) => {
      const boom = new Error("boom");
      await failingGroup(t, boom, async (handle) => {
        const error = (await t.rejects(() => handle.result(), TaskFailed)) as TaskFailed;
        t.same(error.cause, boom, "the error's cause");
        t.ok(!(error instanceof TaskCancelled), "it is no TaskCancelled");
      });
    },
  ),
  timeless(
    "T16.3",
    "Awaiting result() does not consume the error: the group still throws it",
    async (t) => {
      const boom = new Error("boom");
      const error = await failingGroup(
        t,
        boom,
        async (handle) => void (await handle.result().catch(() => {})),
      );
      t.equal(error.errors, [boom], "the group's errors");
    },
  ),
  timeless(
    "T16.4",
    "A failed task's handle has its error, and its returnValue throws TaskFailed",
    async (t) => {
      const boom = new Error("boom");
      await failingGroup(t, boom, async (handle) => {
        await handle.wait();
        t.same(handle.error, boom);
        t.equal(handle.state, "failed", "state");
        t.throws(() => handle.returnValue, TaskFailed, "returnValue");
      });
    },
  ),
  timeless(
    "T16.5",
    "result() of a cancelled task throws TaskCancelled, never a bare Cancelled",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const handle = tg.startSoon(() => sleepForever());
          await waitAllTasksBlocked();
          handle.cancel();
          const error = await t.rejects(() => handle.result(), TaskCancelled);
          t.equal(isCancelled(error), false, "isCancelled() of it");
          t.equal(handle.state, "cancelled", "state");
          t.throws(() => handle.returnValue, TaskCancelled, "returnValue");
          t.throws(() => handle.error, TaskCancelled, "error");
        }),
      );
    },
  ),
  timeless("T16.6", "wait() returns however the task ended", async (t) => {
    const error = await failingGroup(t, new Error("boom"), async (handle, other) => {
      t.equal(await handle.wait(), undefined, "after a failure");
      t.equal(await other.wait(), undefined, "after a cancellation");
    });
    t.equal(error.errors.length, 1, "the number of the group's errors");
  }),
  timeless(
    "T16.7",
    "returnValue and error of a task that has not ended throw TaskNotFinished",
    async (t) => {
      await t.run(() =>
        taskGroup((tg) => {
          const handle = tg.startSoon(async () => {});
          t.throws(() => handle.returnValue, TaskNotFinished, "returnValue");
          t.throws(() => handle.error, TaskNotFinished, "error");
        }),
      );
    },
  ),
  timeless("T16.8", "state tells where a task is", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(() => sleepForever());
        t.log.push(handle.state);
        await waitAllTasksBlocked();
        t.log.push(handle.state);
        handle.cancel();
        t.log.push(handle.state);
        await handle.wait();
        t.log.push(handle.state);
      }),
    );
    t.expectLog(["pending", "running", "cancelling", "cancelled"]);
  }),
  timeless("T16.9", "Many tasks may wait for one handle", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        const handle = tg.startSoon(async () => "value");
        for (let count = 0; count < 3; count += 1)
          tg.startSoon(async () => t.log.push(await handle.result()));
      }),
    );
    t.expectLog(["value", "value", "value"]);
  }),
  timeless(
    "T17.1",
    "handle.cancel() ends that task alone, and the group neither fails nor ends",
    async (t) => {
      await t.run(async () => {
        const value = await taskGroup(async (tg) => {
          const handle = tg.startSoon(() => sleepForever().finally(() => t.log.push("cancelled")));
          const other = tg.startSoon(async () => {
            for (let step = 0; step < 5; step += 1) await checkpoint();
            t.log.push("other task ended");
          });
          await waitAllTasksBlocked();
          handle.cancel();
          await Promise.all([handle.wait(), other.wait()]);
          await checkpoint();
          return "group goes on";
        });
        t.equal(value, "group goes on");
      });
      t.expectLogInAnyOrder(["cancelled", "other task ended"]);
    },
  ),
  timeless("T17.2", "handle.cancel() gives its reason to the task's scope", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        const handle = tg.startSoon(() => sleepForever());
        handle.cancel("the reason");
        t.equal(
          [handle.scope.cancelCalled, handle.scope.cancelReason],
          [true, "the reason"],
          "[cancelCalled, cancelReason]",
        );
      }),
    );
  }),
  timeless(
    "T17.3",
    "An error that a cancelled task throws while it unwinds still fails the group",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = taskGroup(async (tg) => {
          const handle = tg.startSoon(() => sleepForever().catch(() => Promise.reject(boom)));
          await waitAllTasksBlocked();
          handle.cancel();
        });
        const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
        t.equal(error.errors, [boom], "its errors");
      });
    },
  ),
  timeless("T17.4", "handle.cancel() of a task that has ended changes nothing", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(async () => "value");
        await handle.wait();
        handle.cancel();
        t.equal([handle.state, await handle.result()], ["finished", "value"], "[state, result()]");
      }),
    );
  }),
  timeless("T18.1", "A task is named after its function, unless it is given a name", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        async function fetchAll(): Promise<void> {}
        t.equal(tg.startSoon(fetchAll).name, "fetchAll", "the function's name");
        t.equal(tg.startSoon(fetchAll, { name: "given" }).name, "given", "a name that was given");
      }),
    );
  }),
  timeless("T18.2", "Every task of a run has an id of its own", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        const ids = Array.from({ length: 10 }, () => tg.startSoon(async () => {}).id);
        t.equal(new Set([currentTask().id, ...ids]).size, 11, "the number of different ids");
      }),
    );
  }),
  timeless("T18.3", "currentTask() is the task that asks, with its parent's id", async (t) => {
    await t.run(
      async () => {
        const root = currentTask();
        t.equal(
          [root.name, root.parentId, root.state],
          ["root", undefined, "running"],
          "[name, parentId, state] of the root",
        );
        await taskGroup(async (tg) => {
          const handle = tg.startSoon(() => currentTask(), { name: "child" });
          const task = await handle.result();
          t.equal(
            [task.id, task.name, task.parentId],
            [handle.id, "child", root.id],
            "[id, name, parentId] of the child",
          );
        });
      },
      { name: "root" },
    );
  }),
  timeless("T18.4", "currentTask() outside every task is a UsageError", async (t) => {
    t.throws(() => currentTask(), UsageError);
  }),
  timeless(
    "T18.5",
    "runningTasks() lists every live task of the run, parents before children",
    async (t) => {
      await t.run(
        () =>
          taskGroup(async (outer) => {
            outer.startSoon(async () => {}, { name: "ended" });
            outer.startSoon(
              () =>
                taskGroup((inner) => {
                  inner.startSoon(() => sleepForever(), { name: "grandchild" });
                }),
              { name: "child" },
            );
            await waitAllTasksBlocked();
            const tasks = runningTasks();
            t.equal(
              tasks.map((task) => task.name),
              ["root", "child", "grandchild"],
              "their names",
            );
            t.equal(
              tasks.map((task) => task.parentId),
              [undefined, tasks[0]?.id, tasks[1]?.id],
              "their parents",
            );
            outer.cancel();
          }),
        { name: "root" },
      );
    },
  ),
  timeless("T18.6", "A handle keeps nothing of an ended task alive", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handles: TaskHandle[] = [];
        const locals: WeakRef<object>[] = [];
        for (let made = 0; made < 8; made += 1) {
          (() => {
            const local = { big: "value" };
            handles.push(tg.startSoon(async () => void t.log.push(local.big)));
            locals.push(new WeakRef(local));
          })();
        }
        for (const handle of handles) await handle.wait();
        t.ok(await t.areCollected(locals), "what the tasks' functions closed over is collected");
        t.ok(
          handles.every(({ state }) => state === "finished"),
          "every state is finished",
        );
      }),
    );
  }),
  timeless(
    "T18.7",
    "run() names its root task after main, unless it is given a name",
    async (t) => {
      async function application(): Promise<string> {
        return currentTask().name;
      }
      t.equal(await t.run(application), "application");
      t.equal(await t.run(application, { name: "given" }), "given");
    },
  ),
];

/** A group with a task that fails and one that is cancelled by that; `body` is shielded from it. */
async function failingGroup(
  t: Parameters<Case["run"]>[0],
  boom: Error,
  body: (failing: TaskHandle, cancelled: TaskHandle) => Promise<void>,
): Promise<TaskGroupError> {
  return t.run(async () => {
    const work = taskGroup(async (tg) => {
      const failing = tg.startSoon(() => Promise.reject(boom));
      const cancelled = tg.startSoon(() => sleepForever());
      await shield(() => body(failing, cancelled));
    });
    return (await t.rejects(work, TaskGroupError)) as TaskGroupError;
  });
}
