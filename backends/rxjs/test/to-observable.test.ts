import { AsyncLocalStorage } from "node:async_hooks";
import {
  cancelScope,
  configure,
  currentBackend,
  currentScope,
  memoryStream,
  run,
  ScopeCancelledError,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  type TaskGroupError,
} from "anywhen";
import { promiseBackend } from "@anywhen/promise";
import {
  asyncScheduler,
  config,
  firstValueFrom,
  lastValueFrom,
  mergeMap,
  of,
  retry,
  Subject,
  switchMap,
  take,
  toArray,
  VirtualTimeScheduler,
} from "rxjs";
import { afterEach, describe, expect, test } from "vitest";
import { backend, currentSubscription, rxjsBackend, toObservable } from "../src/index.ts";
import { eventually } from "./eventually.ts";
import { uncaughtDuring } from "./uncaught.ts";

afterEach(async () => {
  config.onUnhandledError = null;
  await configure({});
});

/** What RxJS would report as unhandled, from here to the end of the test. */
function unhandledErrors(): unknown[] {
  const errors: unknown[] = [];
  config.onUnhandledError = (error: unknown) => errors.push(error);
  return errors;
}

describe("an async function as an Observable", () => {
  test("runs anew for each subscriber, not before and not within subscribe()", async () => {
    const log: string[] = [];
    let runs = 0;
    const count$ = toObservable(async () => {
      log.push("runs");
      await sleep(1);
      return ++runs;
    });
    log.push("made");
    count$.subscribe((value) => log.push(`got ${value}`));
    log.push("subscribed");
    await eventually(() => log.includes("got 1"));
    expect(log).toEqual(["made", "subscribed", "runs", "got 1"]);
    expect(await firstValueFrom(count$)).toBe(2);
  });

  test("emits its value, undefined as well, and completes", async () => {
    expect(await lastValueFrom(toObservable(async () => undefined).pipe(toArray()))).toEqual([
      undefined,
    ]);
    expect(await lastValueFrom(toObservable(() => 7).pipe(toArray()))).toEqual([7]);
  });

  test("fails with its error, the same object, whether it was async or not", async () => {
    const error = new Error("boom");
    await expect(firstValueFrom(toObservable(() => Promise.reject(error)))).rejects.toBe(error);
    const throwing = toObservable((): number => {
      throw error;
    });
    await expect(firstValueFrom(throwing)).rejects.toBe(error);
  });

  test("works with operators that subscribe again", async () => {
    let attempts = 0;
    const flaky$ = toObservable(async () => {
      if (++attempts < 3) throw new Error("not yet");
      return attempts;
    });
    expect(await firstValueFrom(flaky$.pipe(retry(5)))).toBe(3);
  });

  test("reports an observer that throws as RxJS does, and goes on", async () => {
    const errors = unhandledErrors();
    const log: string[] = [];
    toObservable(async function* () {
      yield 1;
      log.push("went on");
    }).subscribe({
      next() {
        throw new Error("of the observer");
      },
      complete: () => log.push("complete"),
    });
    await eventually(() => log.includes("complete") && errors.length > 0);
    expect(log).toEqual(["went on", "complete"]);
    expect(errors.map(String)).toEqual(["Error: of the observer"]);
  });

  test("refuses what is neither function nor stream", () => {
    expect(() => toObservable(42 as never)).toThrow(/takes an async function.*got 42/s);
    expect(() =>
      toObservable(async () => 1, { owner: {} as never, scheduler: asyncScheduler }),
    ).toThrow(/either owner or scheduler/);
  });
});

describe("unsubscribing", () => {
  test("cancels the task, returns before it has unwound, and lets it unwind", async () => {
    const log: string[] = [];
    const subscription = toObservable(async () => {
      log.push("runs");
      await sleepForever().finally(() => shield(() => sleep(2)));
    }).subscribe({ error: () => log.push("error"), complete: () => log.push("complete") });
    const unwound = toObservable(async () => {
      await sleepForever().finally(() => shield(() => sleep(5)).then(() => log.push("unwound")));
    }).subscribe();
    await eventually(() => log.includes("runs"));
    subscription.unsubscribe();
    unwound.unsubscribe();
    log.push("unsubscribed");
    await eventually(() => log.includes("unwound"));
    expect(log).toEqual(["runs", "unsubscribed", "unwound"]);
  });

  test("before the function began runs it to its first checkpoint only", async () => {
    const log: string[] = [];
    toObservable(async () => {
      log.push("entered");
      await sleep(1).finally(() => log.push("left"));
      log.push("unreached");
    })
      .subscribe()
      .unsubscribe();
    await eventually(() => log.includes("left"));
    await sleep(3);
    expect(log).toEqual(["entered", "left"]);
  });

  test("sends an error thrown while unwinding to where RxJS reports unhandled ones", async () => {
    const errors = unhandledErrors();
    const late = new Error("late");
    const observed: unknown[] = [];
    const subscription = toObservable(() =>
      sleepForever().finally(() => {
        throw late;
      }),
    ).subscribe({ error: (error: unknown) => observed.push(error) });
    subscription.unsubscribe();
    await eventually(() => errors.length > 0);
    expect(errors).toEqual([late]);
    expect(observed).toEqual([]);
  });

  test("without config.onUnhandledError a late error is an uncaught one", async () => {
    await uncaughtDuring(async (errors) => {
      toObservable(() => sleepForever().finally(() => Promise.reject(new Error("late"))))
        .subscribe()
        .unsubscribe();
      await eventually(() => errors.length > 0);
      expect(errors.map(String)).toEqual(["Error: late"]);
    });
  });

  test("by switchMap cancels the old request, whose cleanup overlaps with the new one", async () => {
    const log: string[] = [];
    const query$ = new Subject<string>();
    const scheduler = new VirtualTimeScheduler();
    await run(
      async () => {
        const search = async (query: string): Promise<string> => {
          log.push(`start ${query}`);
          await sleep(100).finally(() =>
            shield(() => sleep(5)).then(() => log.push(`end ${query}`)),
          );
          return `found ${query}`;
        };
        query$
          .pipe(switchMap((query) => toObservable(() => search(query))))
          .subscribe((found) => log.push(found));
        query$.next("a");
        await sleep(50);
        query$.next("ab");
        await sleep(200);
      },
      { backend: rxjsBackend({ scheduler }) },
    );
    expect(log).toEqual(["start a", "start ab", "end a", "end ab", "found ab"]);
  });

  test("leaves no unhandled error when nothing went wrong", async () => {
    const errors = unhandledErrors();
    for (let count = 0; count < 3; count++) {
      const subscription = toObservable(() => sleepForever()).subscribe();
      await sleep(count);
      subscription.unsubscribe();
    }
    await sleep(5);
    expect(errors).toEqual([]);
  });
});

describe("with an owner", () => {
  test("the group waits for the unwinding", async () => {
    const log: string[] = [];
    await run(() =>
      taskGroup(async (owner) => {
        const subscription = toObservable(
          () =>
            sleepForever().finally(() => shield(() => sleep(3)).then(() => log.push("unwound"))),
          { owner },
        ).subscribe();
        await sleep(1);
        subscription.unsubscribe();
        log.push("unsubscribed");
      }),
    );
    log.push("group left");
    expect(log).toEqual(["unsubscribed", "unwound", "group left"]);
  });

  test("the group gets a late error, and only a late one", async () => {
    const errors = unhandledErrors();
    const late = new Error("late");
    const early = new Error("early");
    const observed: unknown[] = [];
    const failing = run(() =>
      taskGroup(async (owner) => {
        toObservable(() => Promise.reject(early), { owner }).subscribe({
          error: (error: unknown) => observed.push(error),
        });
        await sleep(1);
        const subscription = toObservable(
          () => sleepForever().finally(() => Promise.reject(late)),
          {
            owner,
          },
        ).subscribe();
        await sleep(1);
        subscription.unsubscribe();
      }),
    );
    const error = (await failing.catch((reason: unknown) => reason)) as TaskGroupError;
    expect(error.errors).toEqual([late]);
    expect(observed).toEqual([early]);
    expect(errors).toEqual([]);
  });

  test("a cancelled group tells the subscriber, who must not wait for ever", async () => {
    const observed: unknown[] = [];
    await run(() =>
      taskGroup(async (owner) => {
        toObservable(() => sleepForever(), { owner }).subscribe({
          error: (error: unknown) => observed.push(error),
        });
        await sleep(1);
        owner.cancel("closing down");
      }),
    );
    expect(observed).toHaveLength(1);
    expect(observed[0]).toBeInstanceOf(ScopeCancelledError);
    expect((observed[0] as ScopeCancelledError).reason).toBe("closing down");
  });

  test("the error of a group that has ended comes to the subscriber", async () => {
    let ended: Parameters<Parameters<typeof taskGroup>[0]>[0] | undefined;
    await run(() => taskGroup((tg) => void (ended = tg)));
    await expect(
      firstValueFrom(toObservable(() => 1, { owner: ended as NonNullable<typeof ended> })),
    ).rejects.toThrow(/has ended/);
  });
});

describe("cancelled from elsewhere, the Observable fails and does not fall silent", () => {
  test("by its own scope", async () => {
    const own = toObservable(async () => {
      currentScope()?.cancel("enough");
      await sleepForever();
    });
    await expect(firstValueFrom(own)).rejects.toMatchObject({
      code: "ERR_SCOPE_CANCELLED",
      reason: "enough",
    });
  });

  test("by unsubscribing the task itself", async () => {
    const errors = unhandledErrors();
    const task = toObservable(async () => {
      currentSubscription()?.unsubscribe();
      await sleepForever();
    });
    await expect(firstValueFrom(task)).rejects.toMatchObject({
      code: "ERR_SCOPE_CANCELLED",
      reason: "unsubscribed",
    });
    expect(errors).toEqual([]);
  });
});

describe("an async generator as an Observable", () => {
  test("emits each item", async () => {
    const items$ = toObservable(async function* () {
      for (let item = 1; item <= 3; item++) {
        await sleep(1);
        yield item;
      }
    });
    expect(await lastValueFrom(items$.pipe(toArray()))).toEqual([1, 2, 3]);
  });

  test("ends when the subscriber has enough, also one that never waits", async () => {
    const log: string[] = [];
    const endless$ = toObservable(async function* () {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        log.push("generator ended");
      }
    });
    expect(await lastValueFrom(endless$.pipe(take(3), toArray()))).toEqual([0, 1, 2]);
    await eventually(() => log.length > 0);
    expect(log).toEqual(["generator ended"]);
  });

  test("one that never waits lets timers run", async () => {
    let ticked = false;
    setTimeout(() => (ticked = true), 1);
    const endless$ = toObservable(async function* () {
      while (!ticked) yield "item";
    });
    await lastValueFrom(endless$);
    expect(ticked).toBe(true);
  });

  test("fails with what it throws after the items before that", async () => {
    const seen: unknown[] = [];
    const boom = new Error("boom");
    toObservable(async function* () {
      yield 1;
      throw boom;
    }).subscribe({ next: (item) => seen.push(item), error: (error: unknown) => seen.push(error) });
    await eventually(() => seen.length === 2);
    expect(seen).toEqual([1, boom]);
  });
});

describe("a ReceiveStream as an Observable", () => {
  test("emits what is received and completes when the stream ends", async () => {
    const [send, receive] = memoryStream<number>(3);
    for (const item of [1, 2, 3]) send.sendNowait(item);
    await send.close();
    expect(await lastValueFrom(toObservable(receive).pipe(toArray()))).toEqual([1, 2, 3]);
    await receive.close();
  });

  test("loses no item when one unsubscribes, and leaves the stream open", async () => {
    const [send, receive] = memoryStream<number>(5);
    for (const item of [1, 2, 3]) send.sendNowait(item);
    expect(await lastValueFrom(toObservable(receive).pipe(take(1), toArray()))).toEqual([1]);
    const waiting = toObservable(receive).pipe(take(3)).subscribe();
    await sleep(2);
    waiting.unsubscribe();
    send.sendNowait(4);
    expect(await receive.receive()).toBe(4);
    await send.close();
    await receive.close();
  });

  test("fails as the stream does", async () => {
    const [send, receive] = memoryStream<number>();
    await receive.close();
    await expect(firstValueFrom(toObservable(receive))).rejects.toMatchObject({
      code: "ERR_CLOSED_RESOURCE",
    });
    await send.close();
  });
});

describe("the host that a pipeline picks up", () => {
  const whichBackend = async (): Promise<string> => {
    await sleep(1);
    return currentBackend().name;
  };
  const here = toObservable(async () => currentBackend());

  test("outside every run it is the default scheduler's", async () => {
    expect(await firstValueFrom(here)).toBe(backend);
    expect(await firstValueFrom(toObservable(whichBackend))).toBe("rxjs");
  });

  test("inside a run it is the run's, whatever that is", async () => {
    const promise = promiseBackend();
    expect(await run(() => firstValueFrom(here), { backend: promise })).toBe(promise);
    const virtual = rxjsBackend({ scheduler: new VirtualTimeScheduler() });
    // A foreign promise would hold the clock, but no time passes here.
    expect(await run(() => firstValueFrom(here), { backend: virtual })).toBe(virtual);
  });

  test("it is the scheduler's that was asked for", async () => {
    const scheduler = new VirtualTimeScheduler();
    const asked = toObservable(
      async () => {
        await sleep(3_600_000);
        return currentBackend();
      },
      { scheduler },
    );
    expect(await firstValueFrom(asked)).toBe(rxjsBackend({ scheduler }));
    expect(scheduler.now()).toBe(3_600_000);
  });

  test("it is configure()'s, if that is one of RxJS", async () => {
    const virtual = rxjsBackend({ scheduler: new VirtualTimeScheduler() });
    await configure({ backend: virtual });
    expect(await firstValueFrom(here)).toBe(virtual);
    await configure({ backend: promiseBackend() });
    expect(await firstValueFrom(here)).toBe(backend);
  });

  test("an operator that is driven by a virtual run stays in that run's time", async () => {
    const scheduler = new VirtualTimeScheduler();
    const virtual = rxjsBackend({ scheduler });
    const seen: unknown[] = [];
    await run(
      async () => {
        of("x")
          .pipe(
            mergeMap(() => toObservable(async () => sleep(1_000))),
            // In an observer, which runs in no scope.
            mergeMap(() => toObservable(async () => currentBackend())),
          )
          .subscribe((found) => seen.push(found));
        await sleep(5_000);
      },
      { backend: virtual },
    );
    expect(seen).toEqual([virtual]);
    // In an action of the scheduler, which runs in no task.
    scheduler.schedule(() => here.subscribe((found) => seen.push(found)), 10);
    await run(() => sleep(20), { backend: virtual });
    expect(seen).toEqual([virtual, virtual]);
  });

  test("observers run outside the task's scope, in the async context of the subscriber", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    storage.run("subscriber", () =>
      toObservable(async () => {
        await sleep(1);
        return storage.getStore();
      }).subscribe((inTask) => seen.push(inTask, storage.getStore(), currentScope())),
    );
    await eventually(() => seen.length > 0);
    expect(seen).toEqual(["subscriber", "subscriber", undefined]);
  });

  test("the scope one subscribes in does not end the subscription", async () => {
    const seen: unknown[] = [];
    await run(() =>
      cancelScope(() => {
        toObservable(async () => {
          await sleep(2);
          return "still here";
        }).subscribe((value) => seen.push(value));
      }),
    );
    await eventually(() => seen.length > 0);
    expect(seen).toEqual(["still here"]);
  });
});
