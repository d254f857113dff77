import {
  Cancelled,
  CancelScope,
  TaskGroupError,
  checkpoint,
  moveOnAfter,
  now,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { inCancelledScope } from "./cancelled-scope.ts";

/** T6, T7, T9 and T19: how groups end when they are cancelled or fail. */
export const groupCancellationCases: readonly Case[] = [
  timeless(
    "T6.1",
    "cancel() ends the tasks and the body, and the group resolves with undefined",
    async (t) => {
      await t.run(async () => {
        const value = await taskGroup(async (tg) => {
          tg.startSoon(() => sleepForever().finally(() => t.log.push("task")));
          await waitAllTasksBlocked();
          tg.cancel();
          await sleepForever().finally(() => t.log.push("body"));
          return "unreached";
        });
        t.equal(value, undefined);
      });
      t.expectLogInAnyOrder(["body", "task"]);
    },
  ),
  timeless(
    "T6.2",
    "A group that was cancelled after its body had returned keeps the body's value",
    async (t) => {
      await t.run(async () => {
        const value = await taskGroup((tg) => {
          tg.startSoon(async () => {
            await waitAllTasksBlocked();
            tg.cancel();
          });
          tg.startSoon(() => sleepForever());
          return "kept";
        });
        t.equal(value, "kept");
      });
    },
  ),
  timeless(
    "T6.3",
    "A group whose body cancelled it and returned a value keeps the value",
    async (t) => {
      await t.run(async () => {
        const value = await taskGroup((tg) => {
          tg.startSoon(() => sleepForever());
          tg.cancel();
          return "kept";
        });
        t.equal(value, "kept");
      });
    },
  ),
  timeless(
    "T6.4",
    "cancel() of a group and of its scope are the same, reason included",
    async (t) => {
      await t.run(() =>
        taskGroup((tg) => {
          tg.cancel("the reason");
          t.equal(
            [tg.scope.cancelCalled, tg.scope.cancelReason],
            [true, "the reason"],
            "[cancelCalled, cancelReason]",
          );
        }),
      );
    },
  ),
  virtual("T6.5", "A cancelled group waits until its tasks have cleaned up", async (t) => {
    await t.run(async () => {
      await taskGroup(async (tg) => {
        tg.startSoon(() =>
          sleepForever().finally(() =>
            shield(() => sleep(10).then(() => t.log.push("cleaned up"))),
          ),
        );
        await waitAllTasksBlocked();
        tg.cancel();
      });
      t.log.push("group ended");
    });
    t.expectLog(["cleaned up", "group ended"]);
  }),
  virtual(
    "T7.1",
    "A group that is cancelled from outside waits for its tasks to unwind, then passes on Cancelled",
    async (t) => {
      await t.run(async () => {
        const outer = new CancelScope({ deadline: now() + 10 });
        await outer.run(async () => {
          const work = taskGroup((tg) => {
            tg.startSoon(() =>
              sleepForever().finally(() =>
                shield(() => sleep(10).then(() => t.log.push("cleaned up"))),
              ),
            );
          });
          await t.rejects(work, Cancelled);
          t.log.push("group ended");
        });
      });
      t.expectLog(["cleaned up", "group ended"]);
    },
  ),
  timeless(
    "T7.2",
    "A group whose body alone was interrupted from outside passes on Cancelled",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          await t.rejects(() => taskGroup(() => checkpoint()), Cancelled);
        }),
      );
    },
  ),
  timeless(
    "T7.3",
    "A group that is cancelled from outside and meets real errors throws those only",
    async (t) => {
      const boom = new Error("boom");
      await t.run(() =>
        inCancelledScope(async () => {
          const work = taskGroup((tg) => {
            tg.startSoon(() => checkpoint());
            tg.startSoon(() => checkpoint().catch(() => Promise.reject(boom)));
          });
          const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
          t.equal(error.errors, [boom], "its errors");
        }),
      );
    },
  ),
  timeless(
    "T7.4",
    "A group whose tasks ended on their own returns normally in a cancelled scope, and the next checkpoint throws",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          const value = await taskGroup((tg) => {
            tg.startSoon(() => t.log.push("task"));
            return "value";
          });
          t.equal(value, "value");
          await t.rejects(() => checkpoint(), Cancelled, "the next checkpoint");
        }),
      );
      t.expectLog(["task"]);
    },
  ),
  timeless("T7.5", "A group with no tasks returns normally in a cancelled scope", async (t) => {
    await t.run(() =>
      inCancelledScope(async () => {
        t.equal(await taskGroup(() => "value"), "value");
      }),
    );
  }),
  timeless(
    "T7.6",
    "A failing task cancels its group also when an outer scope is cancelled already",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          const work = taskGroup((tg) => {
            tg.scope.shield = true;
            tg.startSoon(() => sleepForever().finally(() => t.log.push("sibling cancelled")));
            tg.startSoon(async () => {
              await waitAllTasksBlocked();
              throw new Error("boom");
            });
          });
          await t.rejects(work, TaskGroupError);
        }),
      );
      t.expectLog(["sibling cancelled"]);
    },
  ),
  virtual(
    "T7.7",
    "A group that is cancelled itself and from outside passes on Cancelled",
    async (t) => {
      await t.run(async () => {
        await moveOnAfter(10, async () => {
          await taskGroup(async (tg) => {
            await sleepForever().catch(() => tg.cancel());
            await checkpoint();
          });
          t.log.push("unreached");
        });
      });
      t.expectLog([]);
    },
  ),
  timeless(
    "T9.1",
    "The errors of a nested group come as a nested TaskGroupError, not flattened",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = taskGroup((outer) => {
          outer.startSoon(() =>
            taskGroup((inner) => {
              inner.startSoon(() => Promise.reject(boom));
            }),
          );
        });
        const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
        t.equal(error.errors.length, 1, "the number of its errors");
        t.ok(error.errors[0] instanceof TaskGroupError, "its error is a TaskGroupError");
        t.same((error.errors[0] as TaskGroupError).errors[0], boom);
      });
    },
  ),
  timeless("T9.2", "Errors that are no Error objects keep their identity", async (t) => {
    await t.run(async () => {
      for (const thrown of ["text", 0, null, undefined, { plain: "object" }]) {
        const work = taskGroup((tg) => {
          tg.startSoon(() => Promise.reject(thrown));
        });
        const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
        t.equal(error.errors.length, 1, "the number of its errors");
        t.same(error.errors[0], thrown);
      }
    });
  }),
  timeless(
    "T9.3",
    "A group whose body fails with the error of an inner group holds it nested",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = taskGroup(() =>
          taskGroup((inner) => {
            inner.startSoon(() => Promise.reject(boom));
          }),
        );
        const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
        t.ok(error.errors[0] instanceof TaskGroupError, "its error is the inner TaskGroupError");
        t.equal(error.leaves(), [boom], "its leaves");
      });
    },
  ),
  timeless(
    "T19.1",
    "The error of a task is no unhandled rejection, however late the group reports it",
    async (t) => {
      await t.run(async () => {
        const work = taskGroup(async (tg) => {
          tg.startSoon(() => Promise.reject(new Error("boom")));
          for (let count = 0; count < 3; count += 1) await t.turn();
        });
        await t.rejects(work, TaskGroupError);
        await t.turn();
      });
    },
  ),
  timeless(
    "T19.2",
    "The error of a task whose handle someone waits for is no unhandled rejection",
    async (t) => {
      await t.run(async () => {
        const work = taskGroup(async (tg) => {
          const handle = tg.startSoon(() => Promise.reject(new Error("boom")));
          await shield(() => handle.wait());
        });
        await t.rejects(work, TaskGroupError);
        await t.turn();
      });
    },
  ),
  timeless(
    "T19.3",
    "The error of a run is no unhandled rejection beside the run's own",
    async (t) => {
      await t.rejects(() => t.run(() => Promise.reject(new Error("boom"))));
      await t.turn();
    },
  ),
  timeless("T19.4", "Tasks that are cancelled raise no unhandled rejection", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        for (let count = 0; count < 10; count += 1) tg.startSoon(() => sleepForever());
        await waitAllTasksBlocked();
        tg.cancel();
      }),
    );
    await t.turn();
  }),
];
