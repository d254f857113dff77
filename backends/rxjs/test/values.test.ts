import { isCancelled, moveOnAfter, run, sleep, taskGroup } from "anywhen";
import {
  BehaviorSubject,
  EMPTY,
  EmptyError,
  finalize,
  interval,
  NEVER,
  of,
  range,
  take,
  throwError,
  timer,
  VirtualTimeScheduler,
} from "rxjs";
import { describe, expect, test } from "vitest";
import { firstValue, lastValue, rxjsBackend } from "../src/index.ts";

describe.each([
  ["firstValue", firstValue],
  ["lastValue", lastValue],
])("%s", (_name, value) => {
  test("throws the source's error, the same object", async () => {
    const error = new Error("of the source");
    await expect(value(throwError(() => error))).rejects.toBe(error);
  });

  test("throws EmptyError for a source without a value, unless there is a default", async () => {
    await expect(value(EMPTY)).rejects.toBeInstanceOf(EmptyError);
    expect(await value(EMPTY, { defaultValue: "none" })).toBe("none");
    expect(await value(EMPTY, { defaultValue: undefined })).toBeUndefined();
  });

  test("unsubscribes when it is cancelled", async () => {
    let torn = false;
    const source = NEVER.pipe(finalize(() => (torn = true)));
    const scheduler = new VirtualTimeScheduler();
    await run(() => moveOnAfter(2, () => value(source)), { backend: rxjsBackend({ scheduler }) });
    expect(scheduler.now()).toBe(2);
    expect(torn).toBe(true);
  });

  test("does not subscribe in a scope that is cancelled already", async () => {
    let subscribed = false;
    const source = of(1).pipe(
      finalize(() => {
        subscribed = true;
      }),
    );
    await run(() =>
      moveOnAfter(0, async () => {
        const error: unknown = await value(source).catch((reason: unknown) => reason);
        expect(isCancelled(error)).toBe(true);
      }),
    );
    expect(subscribed).toBe(false);
  });

  test("lets a virtual clock move", async () => {
    const scheduler = new VirtualTimeScheduler();
    const backend = rxjsBackend({ scheduler });
    expect(await run(() => value(timer(60_000, scheduler)), { backend })).toBe(0);
    expect(scheduler.now()).toBe(60_000);
  });
});

test("firstValue takes one of a source that emits within subscribe(), and no more", async () => {
  expect(await firstValue(new BehaviorSubject("initial"))).toBe("initial");
  expect(await firstValue(range(5, Infinity))).toBe(5);
});

test("lastValue waits for completion", async () => {
  const scheduler = new VirtualTimeScheduler();
  const log: string[] = [];
  await run(
    () =>
      taskGroup((tg) => {
        tg.startSoon(async () => {
          log.push(`last is ${await lastValue(interval(10, scheduler).pipe(take(5)))}`);
        });
        tg.startSoon(() => sleep(45).then(() => log.push("45")));
      }),
    { backend: rxjsBackend({ scheduler }) },
  );
  expect(log).toEqual(["45", "last is 4"]);
});
