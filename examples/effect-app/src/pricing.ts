import { fromEffect, type RunEffect, toEffect } from "@anywhen/effect";
import { Context, Effect, Layer } from "effect";
import { cheapestQuote, NoQuote, type Quote, type Seller } from "./cheapest-quote.ts";
import { Market } from "./market.ts";

/** As `NoQuote`, in Effect's way: a failure with a tag. */
class OutOfStock extends Error {
  readonly _tag = "OutOfStock";
  readonly item: string;

  constructor(item: string) {
    super(`nobody offers ${item}`);
    this.item = item;
  }
}

/** What the rest of an Effect application uses. That async functions do the work does not show. */
export interface Pricing {
  quote(item: string): Effect.Effect<Quote, OutOfStock>;
}
export const Pricing: Context.Service<Pricing, Pricing> = Context.Service("effect-app/Pricing");

export const PricingLive: Layer.Layer<Pricing, never, Market> = Layer.effect(
  Pricing,
  Effect.map(Market, (market) => ({
    quote: (item) => Effect.provideService(quote(item), Market, market),
  })),
);

const patienceMs = 2_000;

/** Both bridges: the library below runs in the calling fiber, and calls the market as effects. */
const quote = (item: string): Effect.Effect<Quote, OutOfStock, Market> =>
  toEffect(async (run) => cheapestQuote(item, await sellersOf(run), patienceMs), {
    services: [Market],
    name: `quote ${item}`,
    spans: true,
    catch: (error) => (error instanceof NoQuote ? new OutOfStock(item) : undefined),
  });

async function sellersOf(run: RunEffect<Market>): Promise<Seller[]> {
  const market = await run(Market);
  return market.sellers.map((name) => ({
    name,
    ask: (item) => fromEffect(market.ask(name, item)),
    dismiss: (item) => fromEffect(market.dismiss(name, item)),
  }));
}
