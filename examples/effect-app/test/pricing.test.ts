import { advance } from "@anywhen/effect";
import { Clock, Effect, Exit, Fiber, Layer, Logger } from "effect";
import { TestClock } from "effect/testing";
import { expect, test } from "vitest";
import { Market, SimulatedMarket } from "../src/market.ts";
import { Pricing, PricingLive } from "../src/pricing.ts";

const quote = (item: string) => Effect.flatMap(Pricing, (pricing) => pricing.quote(item));

/** Runs a test on a test clock, and returns its result with what was logged. */
async function onTestClock<A, E>(
  effect: Effect.Effect<A, E, Pricing>,
  market = SimulatedMarket,
): Promise<{ exit: Exit.Exit<A, E>; log: string[] }> {
  const log: string[] = [];
  const logger = Logger.make(({ message }) => void log.push(String(message)));
  const layers = Layer.mergeAll(
    PricingLive.pipe(Layer.provide(market)),
    Logger.layer([logger]),
    TestClock.layer(),
  );
  return { exit: await Effect.runPromiseExit(effect.pipe(Effect.provide(layers))), log };
}

test("takes the cheapest of those who answer in time, and dismisses the others", async () => {
  const before = performance.now();
  const { exit, log } = await onTestClock(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(quote("a lamp"));
      yield* advance("2 seconds");
      return [yield* Fiber.join(fiber), yield* Clock.currentTimeMillis];
    }),
  );
  expect(exit).toEqual(Exit.succeed([{ seller: "shy", price: 20 }, 2_000]));
  expect(log).toEqual(["dismissed slow"]);
  expect(performance.now() - before).toBeLessThan(1_000);
});

test("whoever is content with less stops the asking, and everybody is dismissed first", async () => {
  const { exit, log } = await onTestClock(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(quote("a lamp").pipe(Effect.timeoutOption(40)));
      yield* advance("40 millis");
      return (yield* Fiber.join(fiber))._tag;
    }),
  );
  expect(exit).toEqual(Exit.succeed("None"));
  expect(log.toSorted()).toEqual(["dismissed quick", "dismissed shy", "dismissed slow"]);
});

const deserted: Layer.Layer<Market> = Layer.succeed(Market, {
  sellers: ["nobody"],
  ask: () => Effect.never,
  dismiss: () => Effect.void,
});

test("a market without answers is a typed failure", async () => {
  const { exit } = await onTestClock(
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(quote("a lamp"));
      yield* advance("2 seconds");
      return yield* Fiber.join(fiber).pipe(
        Effect.catchTag("OutOfStock", (error) => Effect.succeed(`no ${error.item}`)),
      );
    }),
    deserted,
  );
  expect(exit).toEqual(Exit.succeed("no a lamp"));
});

const broken: Layer.Layer<Market> = Layer.succeed(Market, {
  sellers: ["broken"],
  ask: () => Effect.die(new TypeError("a bug")),
  dismiss: () => Effect.void,
});

test("a bug below is a defect, and no failure", async () => {
  const { exit } = await onTestClock(quote("a lamp"), broken);
  expect(Exit.hasDies(exit)).toBe(true);
  expect(Exit.hasFails(exit)).toBe(false);
});
