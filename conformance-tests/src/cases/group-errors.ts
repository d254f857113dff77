import {
  TaskGroupError,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { failureOf } from "./failing-group.ts";

/** T2: how a group fails. */
export const groupErrorCases: readonly Case[] = [
  timeless("T2.1", "A failing task cancels the other tasks and the body", async (t) => {
    await t.run(async () => {
      const work = taskGroup(async (tg) => {
        tg.startSoon(() => sleepForever().finally(() => t.log.push("task cancelled")));
        tg.startSoon(async () => {
          await waitAllTasksBlocked();
          throw new Error("boom");
        });
        await sleepForever().finally(() => t.log.push("body cancelled"));
      });
      await t.rejects(work, TaskGroupError);
    });
    t.expectLogInAnyOrder(["body cancelled", "task cancelled"]);
  }),
  timeless(
    "T2.2",
    "A single error still comes as a TaskGroupError, with the very error in it",
    async (t) => {
      const boom = new Error("boom");
      await t.run(async () => {
        const error = await failureOf(t, (tg) => void tg.startSoon(() => Promise.reject(boom)));
        t.equal(error.errors.length, 1, "the number of errors");
        t.same(error.errors[0], boom);
        t.equal(error.code, "ERR_TASK_GROUP", "its code");
        t.ok(error instanceof AggregateError, "it is an AggregateError");
      });
    },
  ),
  virtual(
    "T2.3",
    "All errors are there, in the order of failure, and no Cancelled among them",
    async (t) => {
      await t.run(async () => {
        const failing = (name: string, cleanupMs: number) => (): Promise<void> =>
          sleepForever().catch(async () => {
            await shield(() => sleep(cleanupMs));
            throw new Error(name);
          });
        const error = await failureOf(t, async (tg) => {
          tg.startSoon(failing("third", 20));
          tg.startSoon(failing("second", 10));
          tg.startSoon(() => sleepForever());
          await waitAllTasksBlocked();
          tg.startSoon(() => Promise.reject(new Error("first")));
        });
        t.equal(
          error.errors.map((member) => (member as Error).message),
          ["first", "second", "third"],
          "the errors",
        );
      });
    },
  ),
  timeless("T2.4", "A failing body cancels the tasks, and its error is the group's", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const error = await failureOf(t, async (tg) => {
        tg.startSoon(() => sleepForever().finally(() => t.log.push("task cancelled")));
        await waitAllTasksBlocked();
        throw boom;
      });
      t.equal(error.errors.length, 1, "the number of errors");
      t.same(error.errors[0], boom);
    });
    t.expectLog(["task cancelled"]);
  }),
  timeless("T2.5", "The errors of body and task are both there, the earlier first", async (t) => {
    await t.run(async () => {
      const error = await failureOf(t, async (tg) => {
        tg.startSoon(() => Promise.reject(new Error("task")));
        await sleepForever().catch(() => Promise.reject(new Error("body")));
      });
      t.equal(
        error.errors.map((member) => (member as Error).message),
        ["task", "body"],
        "the errors",
      );
    });
  }),
  timeless("T2.6", "Two tasks that fail with one and the same error are two errors", async (t) => {
    const boom = new Error("boom");
    await t.run(async () => {
      const error = await failureOf(t, (tg) => {
        tg.startSoon(() => Promise.reject(boom));
        tg.startSoon(() => Promise.reject(boom));
      });
      t.equal(error.errors.length, 2, "the number of errors");
    });
  }),
  timeless("T2.7", "leaves() and split() walk the tree of nested groups", async (t) => {
    const one = new TypeError("one");
    const two = new RangeError("two");
    const error = new TaskGroupError([one, new TaskGroupError([two], "inner")], "outer");
    t.equal(error.leaves(), [one, two], "leaves()");
    const [ranges, rest] = error.split((member) => member instanceof RangeError);
    t.equal(ranges?.leaves(), [two], "the matching side of split()");
    t.ok(
      ranges?.errors[0] instanceof TaskGroupError,
      "the matching side keeps the shape of the tree",
    );
    t.equal(rest?.leaves(), [one], "the other side of split()");
    t.equal(error.split(() => false)[0], undefined, "an empty side of split()");
  }),
];
