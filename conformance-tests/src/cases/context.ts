import {
  CancelScope,
  ContextVar,
  cancelScope,
  checkpoint,
  currentScope,
  currentTask,
  detached,
  now,
  sleep,
  taskGroup,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { Gate } from "./gate.ts";

// Made once: on older hosts every variable in use slows down every promise, also in later cases.
const variable = new ContextVar<string>("variable");
const withDefault = new ContextVar("with default", { defaultValue: "default" });
const one = new ContextVar<number>("same name");
const two = new ContextVar<number>("same name");

/** B6: the user's context, and our own, stays with the flow of control. */
export const contextCases: readonly Case[] = [
  virtual(
    "B6.1",
    "AsyncLocalStorage never leaks from one task into another, whatever they wait for",
    async (t) => {
      const storage = t.asyncLocalStorage<string>();
      const names = ["one", "two", "three", "four"];
      await t.run(() =>
        taskGroup((tg) => {
          for (const name of names) {
            storage.run(name, () =>
              tg.startSoon(async () => {
                const task = currentTask().id;
                for (let step = 0; step < 12; step += 1) {
                  await (step % 3 === 0 ? sleep(1) : checkpoint());
                  if (storage.getStore() !== name)
                    t.log.push(`${name} saw ${storage.getStore()} at step ${step}`);
                  if (currentTask().id !== task)
                    t.log.push(`${name} was taken for another task at step ${step}`);
                }
              }),
            );
          }
        }),
      );
      t.expectLog([], "leaks");
    },
  ),
  timeless("B6.2", "A task that another one wakes keeps its own AsyncLocalStorage", async (t) => {
    const storage = t.asyncLocalStorage<string>();
    await t.run(() =>
      taskGroup((tg) => {
        const gate = new Gate();
        storage.run("waiter", () =>
          tg.startSoon(async () => {
            await gate.wait();
            t.log.push(`waiter sees ${storage.getStore()}`);
          }),
        );
        storage.run("opener", () =>
          tg.startSoon(async () => {
            await checkpoint();
            gate.open();
            await checkpoint();
            t.log.push(`opener sees ${storage.getStore()}`);
          }),
        );
      }),
    );
    t.expectLogInAnyOrder(["opener sees opener", "waiter sees waiter"]);
  }),
  virtual(
    "B6.3",
    "A task that a deadline cancels unwinds in its own AsyncLocalStorage",
    async (t) => {
      const storage = t.asyncLocalStorage<string>();
      await t.run(() =>
        taskGroup((tg) => {
          for (const [name, ms] of [
            ["one", 10],
            ["two", 10],
            ["three", 20],
          ] as const) {
            storage.run(name, () =>
              tg.startSoon(() =>
                cancelScope(
                  async (scope) => {
                    scope.deadline = now() + ms;
                    await sleep(1_000).finally(() =>
                      t.log.push(`${name} sees ${storage.getStore()}`),
                    );
                  },
                  { name },
                ),
              ),
            );
          }
        }),
      );
      t.expectLogInAnyOrder(["one sees one", "three sees three", "two sees two"]);
    },
  ),
  timeless(
    "B6.4",
    "The caller's AsyncLocalStorage reaches into run() and is unchanged after it",
    async (t) => {
      const storage = t.asyncLocalStorage<string>();
      await storage.run("caller", async () => {
        t.equal(await t.run(() => storage.getStore()), "caller", "inside the run");
        t.equal(storage.getStore(), "caller", "after the run");
      });
    },
  ),
  timeless("B6.5", "A ContextVar has its default, or undefined, outside run()", async (t) => {
    t.equal(new ContextVar<string>("bare").get(), undefined);
    t.equal(new ContextVar("with default", { defaultValue: "default" }).get(), "default");
  }),
  timeless(
    "B6.6",
    "A ContextVar has the value of the innermost run() around, through every await",
    async (t) => {
      await t.run(() =>
        withDefault.run("outer", async () => {
          await checkpoint();
          t.equal(withDefault.get(), "outer", "in the outer run()");
          await withDefault.run("inner", async () => {
            await checkpoint();
            await t.turn();
            t.equal(withDefault.get(), "inner", "in the inner run()");
          });
          t.equal(withDefault.get(), "outer", "after the inner run()");
        }),
      );
      t.equal(withDefault.get(), "default", "outside");
    },
  ),
  timeless(
    "B6.7",
    "ContextVar.run() returns what its body returns, and passes on what it throws",
    async (t) => {
      const boom = new Error("boom");
      t.equal(
        variable.run("value", () => 5),
        5,
      );
      const thrower = (): void => {
        throw boom;
      };
      t.same(
        t.throws(() => variable.run("value", thrower)),
        boom,
      );
      t.equal(variable.get(), undefined, "the value afterwards");
    },
  ),
  timeless("B6.8", "Two ContextVars, also of one name, are independent", async (t) => {
    one.run(1, () => two.run(2, () => t.equal([one.get(), two.get()], [1, 2])));
  }),
  virtual("B6.9", "Sibling tasks do not see each other's ContextVar", async (t) => {
    await t.run(() =>
      taskGroup((tg) => {
        for (const name of ["one", "two"]) {
          tg.startSoon(() =>
            withDefault.run(name, async () => {
              await sleep(10);
              t.log.push(`${name} sees ${withDefault.get()}`);
            }),
          );
        }
        tg.startSoon(async () => {
          await sleep(5);
          t.log.push(`other sees ${withDefault.get()}`);
        });
      }),
    );
    t.expectLogInAnyOrder(["one sees one", "other sees default", "two sees two"]);
  }),
  timeless("B6.10", "A ContextVar follows into run() and into detached()", async (t) => {
    await variable.run("value", async () => {
      t.equal(await t.run(() => variable.get()), "value", "inside run()");
      t.equal(await t.run(() => detached(() => variable.get())), "value", "inside detached()");
    });
  }),
  timeless(
    "B6.11",
    "An abort listener does not change the scope of the task that cancels",
    async (t) => {
      await t.run(() =>
        cancelScope((outer) =>
          cancelScope(() => {
            const other = new CancelScope();
            other.signal.addEventListener("abort", () => t.log.push("listener"));
            const before = currentScope();
            other.cancel();
            t.same(currentScope(), before, "currentScope() after cancel()");
            t.ok(before !== outer, "it is the inner scope");
          }),
        ),
      );
      t.expectLog(["listener"]);
    },
  ),
];
