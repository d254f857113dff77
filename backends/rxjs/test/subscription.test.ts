import {
  cancelScope,
  run,
  ScopeCancelledError,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  waitAllTasksBlocked,
} from "anywhen";
import { promiseBackend } from "@anywhen/promise";
import { config, Subject, type Subscription, take } from "rxjs";
import { afterEach, describe, expect, test } from "vitest";
import { backend, currentSubscription } from "../src/index.ts";

afterEach(() => {
  config.onUnhandledError = null;
});

describe("a task is a Subscription", () => {
  test("unsubscribing cancels the task, which unwinds before its group ends", async () => {
    const log: string[] = [];
    await run(
      () =>
        taskGroup(async (tg) => {
          let subscription: Subscription | undefined;
          const handle = tg.startSoon(async () => {
            subscription = currentSubscription();
            await sleepForever().finally(() =>
              shield(() => sleep(2)).then(() => log.push("unwound")),
            );
          });
          await waitAllTasksBlocked();
          subscription?.unsubscribe();
          log.push(`closed ${subscription?.closed}, ${handle.state}`);
          await handle.wait();
          log.push(handle.state);
        }),
      { backend },
    );
    expect(log).toEqual(["closed true, cancelling", "unwound", "cancelled"]);
  });

  test("what is added to it is torn down when the task ends", async () => {
    const log: string[] = [];
    await run(
      async () => {
        currentSubscription()?.add(() => log.push("torn down"));
        await sleep(1);
        log.push("task ends");
      },
      { backend },
    );
    expect(log).toEqual(["task ends", "torn down"]);
  });

  test("a teardown that throws is reported, and the task settles all the same", async () => {
    const errors: unknown[] = [];
    config.onUnhandledError = (error: unknown) => errors.push(error);
    const value = await run(
      () => {
        currentSubscription()?.add(() => {
          throw new Error("of a teardown");
        });
        return "the value";
      },
      { backend },
    );
    expect(value).toBe("the value");
    expect(String(errors[0])).toContain("of a teardown");
  });

  test("it can be a root's: the run rejects with ScopeCancelledError", async () => {
    const destroyed = new Subject<void>();
    const running = run(
      () => {
        const task = currentSubscription();
        destroyed.pipe(take(1)).subscribe(() => task?.unsubscribe());
        return sleepForever();
      },
      { backend },
    );
    setTimeout(() => destroyed.next());
    await expect(running).rejects.toBeInstanceOf(ScopeCancelledError);
  });

  test("it is no child of the spawner's: a task outlives the task that started it in another's group", async () => {
    const log: string[] = [];
    await run(
      () =>
        taskGroup(async (owner) => {
          owner.startSoon(() => {
            owner.startSoon(() => sleep(2).then(() => log.push("still ran")));
          });
          await sleep(1);
        }),
      { backend },
    );
    expect(log).toEqual(["still ran"]);
  });
});

test("outside every task, and on other backends, there is no current Subscription", async () => {
  expect(currentSubscription()).toBeUndefined();
  expect(await cancelScope(() => currentSubscription())).toBeUndefined();
  expect(await run(() => currentSubscription(), { backend: promiseBackend() })).toBeUndefined();
});
