import {
  Cancelled,
  CancelScope,
  TaskGroupError,
  TaskNotStarted,
  UsageError,
  cancelScope,
  checkpoint,
  moveOnAfter,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
  type TaskStatus,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";

/** T10 to T15: `start()`, which waits until the task says that it is ready. */
export const startCases: readonly Case[] = [
  virtual(
    "T10.1",
    "start() resolves with the value of started() while the task goes on in the group",
    async (t) => {
      await t.run(async () => {
        await taskGroup(async (tg) => {
          const value = await tg.start<string, void>(async (status) => {
            status.started("ready");
            await sleep(10);
            t.log.push("task ended");
          });
          t.equal(value, "ready");
          t.log.push("start returned");
        });
        t.log.push("group ended");
      });
      t.expectLog(["start returned", "task ended", "group ended"]);
    },
  ),
  virtual("T10.2", "start() waits for started(), however long that takes", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        await tg.start<void, void>(async (status) => {
          await sleep(1_000);
          t.log.push("ready");
          status.started();
        });
        t.log.push("start returned");
      }),
    );
    t.expectLog(["ready", "start returned"]);
  }),
  timeless(
    "T10.3",
    "start() with returnHandle resolves with the task's handle and its start value",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          const serve = async (status: TaskStatus<string>): Promise<string> => {
            status.started("ready");
            await checkpoint();
            return "result";
          };
          const handle = await tg.start(serve, { returnHandle: true, name: "server" });
          t.equal([handle.startValue, handle.name], ["ready", "server"], "[startValue, name]");
          t.equal(await handle.result(), "result", "result()");
        }),
      );
    },
  ),
  timeless("T10.4", "start() runs nothing of the task before it returns its promise", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const starting = tg.start<void, void>((status) => {
          t.log.push("task");
          status.started();
        });
        t.log.push("start called");
        await starting;
      }),
    );
    t.expectLog(["start called", "task"]);
  }),
  timeless(
    "T11.1",
    "The error of a task that fails before started() is thrown from start() as it is, and the group goes on",
    async (t) => {
      const boom = new Error("boom");
      await t.run(() =>
        taskGroup(async (tg) => {
          t.same(await t.rejects(() => tg.start(() => Promise.reject(boom))), boom);
          t.equal(tg.scope.cancelCalled, false, "cancelCalled of the group's scope");
          await checkpoint();
        }),
      );
    },
  ),
  timeless(
    "T11.2",
    "A task that returns before started() makes start() throw TaskNotStarted, and the group goes on",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await t.rejects(() => tg.start(async () => "returned"), TaskNotStarted);
          await checkpoint();
        }),
      );
    },
  ),
  timeless(
    "T11.3",
    "start() whose task fails before started() is rejected although the group itself ends well",
    async (t) => {
      await t.run(async () => {
        const value = await taskGroup(async (tg) => {
          await tg.start(() => Promise.reject(new Error("boom"))).catch(() => {});
          return "ended well";
        });
        t.equal(value, "ended well");
      });
    },
  ),
  virtual(
    "T12.1",
    "Cancelling the caller of start() cancels the task, waits for it, then throws Cancelled",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await moveOnAfter(10, async () => {
            const starting = tg.start(() =>
              sleepForever().finally(() =>
                shield(() => sleep(10).then(() => t.log.push("task cleaned up"))),
              ),
            );
            await t.rejects(starting, Cancelled);
            t.log.push("start threw");
          });
          t.equal(tg.scope.cancelCalled, false, "cancelCalled of the group's scope");
          await checkpoint();
        }),
      );
      t.expectLog(["task cleaned up", "start threw"]);
    },
  ),
  virtual(
    "T12.2",
    "An error that the task raised while it unwound is thrown from start(), never dropped",
    async (t) => {
      const boom = new Error("boom");
      await t.run(() =>
        taskGroup(async (tg) => {
          await moveOnAfter(10, async () => {
            const starting = tg.start(() => sleepForever().catch(() => Promise.reject(boom)));
            t.same(await t.rejects(starting), boom);
          });
        }),
      );
    },
  ),
  virtual(
    "T12.3",
    "After started() the caller's cancellation does not touch the task",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await moveOnAfter(10, async () => {
            await tg.start<void, void>(async (status) => {
              status.started();
              await sleep(20);
              t.log.push("task ended");
            });
            await sleepForever();
          });
          t.log.push("caller left");
        }),
      );
      t.expectLog(["caller left", "task ended"]);
    },
  ),
  timeless("T13.1", "A second started() is a UsageError", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const value = await tg.start<string, void>((status) => {
          status.started("first");
          t.throws(() => status.started("second"), UsageError);
        });
        t.equal(value, "first");
      }),
    );
  }),
  virtual("T13.2", "started() after the caller of start() was cancelled is harmless", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        await moveOnAfter(10, async () => {
          const starting = tg.start<void, void>(async (status) => {
            await sleepForever().catch(() => {});
            status.started();
            t.log.push("started() returned");
          });
          await t.rejects(starting, Cancelled);
        });
        await checkpoint();
      }),
    );
    t.expectLog(["started() returned"]);
  }),
  timeless(
    "T14.1",
    "Until started() the task is inside the scopes around the start() call",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await cancelScope(async (inner) => {
            await tg
              .start(async () => {
                inner.cancel();
                await t.rejects(() => checkpoint(), Cancelled, "the task's checkpoint");
                throw new Error("unwound");
              })
              .catch(() => {});
          });
          await checkpoint();
        }),
      );
    },
  ),
  timeless(
    "T14.2",
    "At started() the task moves out of the scopes around the start() call",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await cancelScope(async (inner) => {
            await tg.start<void, void>(async (status) => {
              status.started();
              inner.cancel();
              await checkpoint();
              t.log.push("not cancelled");
            });
          });
        }),
      );
      t.expectLog(["not cancelled"]);
    },
  ),
  timeless(
    "T14.3",
    "A group cancelled while start() is shielded from it cancels the task at started()",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await shield(() =>
            tg.start<void, void>(async (status) => {
              tg.cancel();
              await checkpoint();
              t.log.push("shielded before started()");
              status.started();
              await t.rejects(() => checkpoint(), Cancelled, "the checkpoint after started()");
              t.log.push("cancelled after started()");
            }),
          );
        }),
      );
      t.expectLog(["shielded before started()", "cancelled after started()"]);
    },
  ),
  timeless(
    "T14.4",
    "A wait in progress of something the task began is cancelled when started() moves it under a cancelled group",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await shield(() =>
            tg.start<void, void>(async (status) => {
              tg.cancel();
              const waiting = sleepForever();
              await checkpoint();
              status.started();
              await t.rejects(waiting, Cancelled);
              t.log.push("woken");
            }),
          );
        }),
      );
      t.expectLog(["woken"]);
    },
  ),
  timeless("T15.1", "An error after started() is the group's", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const work = taskGroup(async (tg) => {
        await tg.start<void, void>(async (status) => {
          status.started();
          await waitAllTasksBlocked();
          throw boom;
        });
        t.log.push("start returned");
        await sleepForever();
      });
      const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
      t.equal(error.errors, [boom], "its errors");
    });
    t.expectLog(["start returned"]);
  }),
  timeless(
    "T15.2",
    "An error right after started() is the group's, and start() still returns the value",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const work = taskGroup(async (tg) => {
          const scope = new CancelScope({ shield: true });
          await scope.run(async () => {
            const value = await tg.start<string, void>((status) => {
              status.started("ready");
              throw boom;
            });
            t.log.push(value);
          });
        });
        const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
        t.equal(error.errors, [boom], "its errors");
      });
      t.expectLog(["ready"]);
    },
  ),
];
