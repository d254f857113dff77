import {
  Cancelled,
  CancelScope,
  TaskGroupError,
  UsageError,
  cancelScope,
  checkpoint,
  currentSignal,
  gather,
  isCancelled,
  moveOnAfter,
  now,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "@anywhen/core";
import { real, timeless, virtual, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { inCancelledScope } from "./cancelled-scope.ts";

/** C14, C17 and C18: the `Cancelled` error itself, and the signal that carries it. */
export const cancellationValueCases: readonly Case[] = [
  timeless(
    "C14.1",
    "A stray Cancelled that reaches the edge of a run is a UsageError that has it as its cause",
    async (t) => {
      const stray = await strayCancelled(t);
      const error = (await t.rejects(
        () => t.run(() => Promise.reject(stray)),
        UsageError,
      )) as UsageError;
      t.same(error.cause, stray, "the error's cause");
    },
  ),
  timeless(
    "C14.2",
    "A stray Cancelled that reaches the edge of a task fails the group with a UsageError",
    async (t) => {
      const stray = await strayCancelled(t);
      await t.run(async () => {
        const work = taskGroup((tg) => {
          tg.startSoon(() => Promise.reject(stray));
        });
        const error = (await t.rejects(work, TaskGroupError)) as TaskGroupError;
        const [leaf] = error.leaves();
        t.ok(leaf instanceof UsageError, "the group's error is a UsageError");
        t.same((leaf as UsageError).cause, stray, "the error's cause");
      });
    },
  ),
  timeless(
    "C14.3",
    "A stray Cancelled that reaches the edge of a group's body fails the group with a UsageError",
    async (t) => {
      const stray = await strayCancelled(t);
      await t.run(async () => {
        const error = (await t.rejects(
          () => taskGroup(() => Promise.reject(stray)),
          TaskGroupError,
        )) as TaskGroupError;
        const [leaf] = error.leaves();
        t.ok(leaf instanceof UsageError, "the group's error is a UsageError");
        t.same((leaf as UsageError).cause, stray, "the error's cause");
      });
    },
  ),
  timeless("C14.4", "A stray Cancelled passes a scope that is not cancelled", async (t) => {
    const stray = await strayCancelled(t);
    await t.run(async () => {
      t.same(await t.rejects(() => cancelScope(() => Promise.reject(stray))), stray);
    });
  }),
  timeless("C17.1", "All waits that one cancel() ends get the same Cancelled", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      const errors: unknown[] = [];
      await gather(
        () =>
          scope.run(async () => {
            await Promise.all([
              sleepForever().catch((error: unknown) => errors.push(error)),
              cancelScope(() => sleepForever()).catch((error: unknown) => errors.push(error)),
            ]);
            await checkpoint().catch((error: unknown) => errors.push(error));
          }),
        async () => {
          await waitAllTasksBlocked();
          scope.cancel("the reason");
        },
      );
      t.equal(errors.length, 3, "the number of waits that ended");
      t.same(errors[1], errors[0]);
      t.same(errors[2], errors[0]);
      t.equal((errors[0] as Cancelled).reason, "the reason", "its reason");
    });
  }),
  timeless("C17.2", "The stack of a Cancelled shows who cancelled", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      // Not as its last act: some engines drop the frame of a call in tail position.
      const pullThePlug = (): boolean => {
        scope.cancel();
        return scope.cancelCalled;
      };
      await scope.run(async () => {
        pullThePlug();
        const error = (await t.rejects(() => checkpoint(), Cancelled)) as Cancelled;
        t.ok(
          error.stack?.includes("pullThePlug"),
          "its stack names the function that called cancel()",
        );
      });
    });
  }),
  timeless(
    "C18.1",
    "A scope's signal aborts when the scope is cancelled, with the Cancelled as its reason",
    async (t) => {
      await t.run(() =>
        cancelScope(async (scope) => {
          const { signal } = scope;
          t.equal(signal.aborted, false, "aborted before");
          scope.cancel();
          t.equal(signal.aborted, true, "aborted after");
          t.same(signal.reason, await t.rejects(() => checkpoint(), Cancelled), "its reason");
        }),
      );
    },
  ),
  timeless("C18.2", "A scope's signal aborts when an enclosing scope is cancelled", async (t) => {
    await t.run(() =>
      cancelScope((outer) =>
        cancelScope((inner) => {
          const { signal } = inner;
          outer.cancel();
          t.equal(signal.aborted, true);
          t.ok(signal.reason instanceof Cancelled, "its reason is a Cancelled");
        }),
      ),
    );
  }),
  timeless(
    "C18.3",
    "A shielded scope's signal does not abort when an enclosing scope is cancelled",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async () => {
          await cancelScope(
            (inner) => {
              t.equal(inner.signal.aborted, false, "aborted behind the shield");
              inner.shield = false;
              t.equal(inner.signal.aborted, true, "aborted after the shield was taken down");
            },
            { shield: true },
          );
        }),
      );
    },
  ),
  timeless(
    "C18.4",
    "The signal of a scope that is cancelled already is aborted from the start",
    async (t) => {
      await t.run(() =>
        inCancelledScope(async (scope) => {
          t.equal(
            [scope.signal.aborted, currentSignal().aborted],
            [true, true],
            "[scope.signal, currentSignal()]",
          );
        }),
      );
    },
  ),
  timeless("C18.5", "currentSignal() is the innermost scope's signal", async (t) => {
    await t.run(() => cancelScope((scope) => t.same(currentSignal(), scope.signal)));
  }),
  timeless(
    "C18.6",
    "isCancelled() knows a Cancelled, also as the cause of an AbortError, and nothing else",
    async (t) => {
      const cancelled = await strayCancelled(t);
      const abort = Object.assign(new Error("aborted", { cause: cancelled }), {
        name: "AbortError",
      });
      t.equal(isCancelled(cancelled), true, "a Cancelled");
      t.equal(isCancelled(abort), true, "an AbortError that was caused by one");
      t.equal(
        isCancelled(Object.assign(new Error("aborted"), { name: "AbortError" })),
        false,
        "any other AbortError",
      );
      t.equal(
        isCancelled(new Error("no", { cause: cancelled })),
        false,
        "any other error that was caused by one",
      );
      t.equal(
        [isCancelled(undefined), isCancelled("Cancelled")],
        [false, false],
        "values that are no errors",
      );
    },
  ),
  timeless("C18.7", "A scope absorbs a rejection with its signal's reason", async (t) => {
    await t.run(async () => {
      const scope = new CancelScope();
      const value = await scope.run(async () => {
        scope.cancel();
        scope.signal.throwIfAborted();
      });
      t.equal([value, scope.cancelledCaught], [undefined, true], "[value, cancelledCaught]");
    });
  }),
  real(
    "C18.8",
    "A scope's signal aborts at its deadline also while nobody waits in the core",
    async (t) => {
      await t.run(async () => {
        const scope = new CancelScope({ deadline: now() + 5 });
        await scope.run(
          (own) =>
            new Promise<void>((resolve) => {
              own.signal.addEventListener("abort", () => resolve());
              // A loaded machine may have come here late.
              if (own.signal.aborted) resolve();
            }),
        );
        t.equal(scope.cancelCalled, true, "cancelCalled");
      });
    },
  ),
  virtual(
    "C18.9",
    "A signal made first by a task of the scope serves the whole scope",
    async (t) => {
      await t.run(async () => {
        const signals: AbortSignal[] = [];
        await moveOnAfter(10, async (scope) => {
          await Promise.allSettled([
            (async () => signals.push(scope.signal))(),
            (async () => signals.push(currentSignal()))(),
          ]);
          await sleepForever();
        });
        t.equal(signals.length, 2, "the number of signals");
        t.same(signals[1], signals[0]);
        t.equal(signals[0]?.aborted, true, "aborted at the deadline");
      });
    },
  ),
];

/** A `Cancelled` that belongs to a scope which has ended. */
async function strayCancelled(t: CaseContext): Promise<Cancelled> {
  return t.run(async () => {
    let stray: unknown;
    await inCancelledScope(async () => {
      stray = await checkpoint().catch((error: unknown) => error);
    });
    return stray as Cancelled;
  });
}
