import { moveOnAfter, run, sleep, sleepForever, taskGroup } from "@anywhen/core";
import { Context, Effect, Stream } from "effect";
import { expect, test } from "vitest";
import { effectBackend, fromEffect, fromStream, toEffect } from "../src/index.ts";

class Service extends Context.Service<Service, object>()("Service") {}

async function isCollected(reference: WeakRef<object>): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    await new Promise((resolve) => setImmediate(resolve));
    (globalThis as { gc?: () => void }).gc?.();
    if (reference.deref() === undefined) return true;
  }
  return false;
}

/** Runs an effect with a service, and returns what tells whether anything still holds that. */
async function afterRunning(effect: Effect.Effect<unknown>): Promise<WeakRef<object>> {
  const service = { large: Array.from({ length: 1_000 }) };
  const reference = new WeakRef(service);
  await Effect.runPromise(effect.pipe(Effect.provideService(Service, service)));
  return reference;
}

test("the backend that bridges share keeps nothing of a caller's services", async () => {
  const reference = await afterRunning(
    toEffect(() =>
      taskGroup(async (tg) => {
        tg.startSoon(() => sleep(1));
        await fromEffect(Effect.sleep(1));
      }),
    ),
  );
  expect(await isCollected(reference)).toBe(true);
});

test("an interrupted function keeps nothing of its fiber's services", async () => {
  const reference = await afterRunning(toEffect(sleepForever).pipe(Effect.timeoutOption(1)));
  expect(await isCollected(reference)).toBe(true);
});

test("an effect that a deadline has cut off is held by nobody", async () => {
  let reference: WeakRef<object> | undefined;
  await run(
    async () => {
      const cut = (): Promise<unknown> => {
        const held = { large: Array.from({ length: 1_000 }) };
        reference = new WeakRef(held);
        return fromEffect(Effect.never.pipe(Effect.onInterrupt(() => Effect.sync(() => held))));
      };
      await moveOnAfter(1, cut);
      await sleep(1);
    },
    { backend: effectBackend() },
  );
  expect(await isCollected(reference as WeakRef<object>)).toBe(true);
});

test("a stream that was closed is held by nobody, nor its services", async () => {
  const reference = await afterRunning(
    toEffect(async () => {
      for await (const item of fromStream(Stream.range(1, 10))) if (item === 2) break;
    }),
  );
  expect(await isCollected(reference)).toBe(true);
});
