import { Effect, Layer } from "effect";
import { SimulatedMarket } from "./market.ts";
import { Pricing, PricingLive } from "./pricing.ts";

const program = Effect.gen(function* () {
  const pricing = yield* Pricing;
  const { seller, price } = yield* pricing.quote("a lamp");
  yield* Effect.log(`${seller} offers a lamp for ${price}`);
});

await Effect.runPromise(
  program.pipe(Effect.provide(PricingLive.pipe(Layer.provide(SimulatedMarket)))),
);
