import {
  Cancelled,
  ContextVar,
  UsageError,
  cancelScope,
  checkpoint,
  currentScope,
  sleep,
  taskGroup,
  waitAllTasksBlocked,
  type TaskGroup,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { failureOf } from "./failing-group.ts";
import { Gate } from "./gate.ts";

// Made once: on older hosts every variable in use slows down every promise, also in later cases.
const variable = new ContextVar<string>("variable");

/** T1, T3 to T5, T8 and T20: what a group waits for, how its tasks begin, and when they may not. */
export const taskGroupCases: readonly Case[] = [
  virtual(
    "T1.1",
    "A group resolves with its body's value after its tasks have ended",
    async (t) => {
      const value = await t.run(() =>
        taskGroup((tg) => {
          tg.startSoon(() => sleep(20).then(() => t.log.push("slow task")));
          tg.startSoon(() => sleep(10).then(() => t.log.push("fast task")));
          return "value";
        }),
      );
      t.equal(value, "value");
      t.expectLog(["fast task", "slow task"]);
    },
  ),
  virtual("T1.2", "A group waits for tasks that its tasks started", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        tg.startSoon(async () => {
          await sleep(10);
          tg.startSoon(async () => {
            await sleep(10);
            tg.startSoon(() => sleep(10).then(() => t.log.push("third generation")));
          });
        });
      }),
    );
    t.expectLog(["third generation"]);
  }),
  virtual(
    "T1.3",
    "A group waits for its body, also when its tasks have ended before",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          tg.startSoon(() => t.log.push("task"));
          await sleep(10);
          t.log.push("body");
        }),
      );
      t.expectLog(["task", "body"]);
    },
  ),
  virtual("T1.4", "Groups nest: the outer one waits for the inner one's tasks", async (t) => {
    await t.run(() =>
      taskGroup((outer) => {
        outer.startSoon(async () => {
          await taskGroup((inner) => {
            inner.startSoon(() => sleep(10).then(() => t.log.push("inner task")));
          });
          t.log.push("inner group");
        });
      }),
    );
    t.expectLog(["inner task", "inner group"]);
  }),
  timeless("T1.5", "A group of two thousand tasks waits for all of them", async (t) => {
    let ended = 0;
    await t.run(() =>
      taskGroup((tg) => {
        for (let count = 0; count < 2_000; count += 1) {
          tg.startSoon(async () => {
            await checkpoint();
            ended += 1;
          });
        }
      }),
    );
    t.equal(ended, 2_000, "the number of tasks that ended");
  }),
  timeless("T3.1", "A task begins on a later turn than startSoon()", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        tg.startSoon(() => t.log.push("task"));
        t.log.push("startSoon returned");
      }),
    );
    t.expectLog(["startSoon returned", "task"]);
  }),
  timeless("T3.2", "A task begins although its group's body ends at once", async (t) => {
    await t.run(() => taskGroup((tg) => void tg.startSoon(() => t.log.push("task"))));
    t.expectLog(["task"]);
  }),
  timeless(
    "T3.3",
    "A task sees the ContextVar of its startSoon() call, whatever happens to it later",
    async (t) => {
      await t.run(() =>
        taskGroup((tg) => {
          variable.run("at the call", () => {
            tg.startSoon(async () => {
              t.log.push(String(variable.get()));
              await checkpoint();
              t.log.push(String(variable.get()));
            });
          });
        }),
      );
      t.expectLog(["at the call", "at the call"]);
    },
  ),
  timeless("T3.4", "A task sees the AsyncLocalStorage of its startSoon() call", async (t) => {
    const storage = t.asyncLocalStorage<string>();
    await t.run(() =>
      taskGroup((tg) => {
        for (const name of ["one", "two"]) {
          storage.run(name, () =>
            tg.startSoon(() => t.log.push(`${name} sees ${storage.getStore()}`)),
          );
        }
      }),
    );
    t.expectLogInAnyOrder(["one sees one", "two sees two"]);
  }),
  virtual(
    "T3.5",
    "A task is not inside the scopes around the startSoon() call, but inside the group's",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await cancelScope(async (inner) => {
            tg.startSoon(async () => {
              await sleep(10);
              t.log.push("task ended");
            });
            inner.cancel();
            await checkpoint();
          });
        }),
      );
      t.expectLog(["task ended"]);
    },
  ),
  timeless("T3.6", "currentScope() of a task is the scope around this one task", async (t) => {
    await t.run(() =>
      taskGroup(async (tg) => {
        const handle = tg.startSoon(() => currentScope());
        t.same(await handle.result(), handle.scope);
      }),
    );
  }),
  timeless(
    "T4.1",
    "A task started into a cancelled group runs, and its first checkpoint throws",
    async (t) => {
      await t.run(() =>
        taskGroup((tg) => {
          tg.cancel();
          tg.startSoon(async () => {
            t.log.push("began");
            await t.rejects(() => checkpoint(), Cancelled);
          });
        }),
      );
      t.expectLog(["began"]);
    },
  ),
  timeless(
    "T4.2",
    "A task whose group is cancelled before it began still runs, and its first checkpoint throws",
    async (t) => {
      await t.run(() =>
        taskGroup((tg) => {
          tg.startSoon(async () => {
            t.log.push("began");
            await t.rejects(() => checkpoint(), Cancelled);
          });
          tg.cancel();
        }),
      );
      t.expectLog(["began"]);
    },
  ),
  timeless("T5.1", "Starting into a group that has ended is a UsageError", async (t) => {
    await t.run(async () => {
      let ended: TaskGroup | undefined;
      await taskGroup((tg) => {
        ended = tg;
      });
      t.throws(() => ended?.startSoon(() => t.log.push("ran")), UsageError, "startSoon()");
      await t.rejects(
        () => (ended as TaskGroup).start(() => t.log.push("ran")),
        UsageError,
        "start()",
      );
    });
    t.expectLog([]);
  }),
  timeless(
    "T5.2",
    "While a group waits for its tasks, more may be started from anywhere",
    async (t) => {
      await t.run(async () => {
        const gate = new Gate();
        await taskGroup(async (outer) => {
          let inner: TaskGroup | undefined;
          outer.startSoon(() =>
            taskGroup((tg) => {
              inner = tg;
              tg.startSoon(() => gate.wait());
            }),
          );
          await waitAllTasksBlocked();
          inner?.startSoon(() => t.log.push("late task"));
          gate.open();
        });
      });
      t.expectLog(["late task"]);
    },
  ),
  timeless(
    "T5.4",
    "A group whose tasks have ended takes more as long as its body runs",
    async (t) => {
      await t.run(() =>
        taskGroup(async (tg) => {
          await tg.startSoon(() => t.log.push("first")).wait();
          await tg.startSoon(() => t.log.push("second")).wait();
        }),
      );
      t.expectLog(["first", "second"]);
    },
  ),
  timeless("T5.3", "startSoon() of what is no function is a TypeError", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        t.throws(
          () => tg.startSoon(Promise.resolve() as unknown as () => void),
          TypeError,
          "a promise",
        );
        t.throws(() => tg.startSoon(undefined as unknown as () => void), TypeError, "undefined");
      }),
    );
  }),
  timeless("T8.1", "A body that throws synchronously behaves as if it were async", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const error = await failureOf(t, () => {
        throw boom;
      });
      t.same(error.errors[0], boom);
    });
  }),
  timeless("T8.2", "A task that throws synchronously behaves as if it were async", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const error = await failureOf(t, (tg) => {
        tg.startSoon(() => {
          throw boom;
        });
        t.log.push("startSoon returned");
      });
      t.same(error.errors[0], boom);
    });
    t.expectLog(["startSoon returned"]);
  }),
  timeless(
    "T8.3",
    "A task and a body that return no promise behave as if they were async",
    async (t) => {
      await t.run(async () => {
        const value = await taskGroup(async (tg) => {
          const handle = tg.startSoon(() => 5);
          return handle.result();
        });
        t.equal(value, 5);
      });
    },
  ),
  timeless("T20", "Tasks that are ready together all run, in whatever order", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        for (const name of ["one", "two", "three"]) tg.startSoon(() => t.log.push(name));
      }),
    );
    t.expectLogInAnyOrder(["one", "two", "three"]);
  }),
];
