import { memoryStream, run, sleep, sleepForever } from "anywhen";
import { firstValueFrom, Subject, VirtualTimeScheduler } from "rxjs";
import { describe, expect, test } from "vitest";
import { firstValue, fromObservable, rxjsBackend, toObservable } from "../src/index.ts";
import { eventually } from "./eventually.ts";

/** Fails unless all that `make` gives back is collected. */
async function isCollected(make: () => Promise<object[]>): Promise<void> {
  const references = await make().then((objects) => objects.map((object) => new WeakRef(object)));
  await eventually(() => {
    globalThis.gc?.();
    return references.every((reference) => reference.deref() === undefined);
  });
}

describe("nothing is kept alive", () => {
  test("of a function that has ended, or was unsubscribed, though the Subscription is held", async () => {
    const held: unknown[] = [];
    await isCollected(async () => {
      const ended = { some: "data" };
      const cancelled = { some: "data" };
      const observer = { next: () => void ended, complete: () => void cancelled };
      const finished = toObservable(() => sleep(1).then(() => ended));
      const subscription = finished.subscribe(observer);
      const endless = toObservable(() => sleepForever().finally(() => cancelled)).subscribe();
      held.push(subscription, endless);
      await sleep(5);
      endless.unsubscribe();
      await sleep(5);
      expect(subscription.closed).toBe(true);
      return [ended, cancelled, observer];
    });
  });

  test("of a stream that was closed, though the source lives on", async () => {
    const source = new Subject<object>();
    await isCollected(async () => {
      const stream = fromObservable(source);
      const item = { some: "data" };
      source.next(item);
      await stream.close();
      return [stream, item];
    });
    expect(source.observed).toBe(false);
  });

  test("of a value that came, though the source lives on", async () => {
    const source = new Subject<object>();
    await isCollected(async () => {
      const value = { some: "data" };
      setTimeout(() => source.next(value));
      await firstValue(source);
      return [value];
    });
    expect(source.observed).toBe(false);
  });

  test("of a scheduler whose runs have ended, and of its backend", async () => {
    await isCollected(async () => {
      const scheduler = new VirtualTimeScheduler();
      const backend = rxjsBackend({ scheduler });
      await run(() => sleep(1_000), { backend });
      return [scheduler, backend];
    });
  });

  test("of a subscriber that unsubscribed from a stream", async () => {
    const [send, receive] = memoryStream<object>(1);
    await isCollected(async () => {
      const item = { some: "data" };
      const first = firstValueFrom(toObservable(receive));
      await send.send(item);
      const observer = { next: (): void => {} };
      const waiting = toObservable(receive).subscribe(observer);
      await sleep(1);
      waiting.unsubscribe();
      return [await first, observer];
    });
    await Promise.all([send.close(), receive.close()]);
  });
});
