import { Context, type Duration, Effect, Layer } from "effect";
import { Unreachable } from "./cheapest-quote.ts";

/** The sellers, as an Effect service: what the async library calls through the bridge. */
export interface Market {
  readonly sellers: readonly string[];
  ask(seller: string, item: string): Effect.Effect<number, Unreachable>;
  dismiss(seller: string, item: string): Effect.Effect<void>;
}
export const Market: Context.Service<Market, Market> = Context.Service("effect-app/Market");

interface Habits {
  readonly price: number;
  readonly answersAfter: Duration.Input;
  /** How often one has to knock before anybody opens. */
  readonly knocks: number;
}

const habits: Readonly<Record<string, Habits>> = {
  quick: { price: 30, answersAfter: "50 millis", knocks: 1 },
  shy: { price: 20, answersAfter: "50 millis", knocks: 3 },
  slow: { price: 10, answersAfter: "10 seconds", knocks: 1 },
};

/** A market that needs no network: each seller has its own price, pace and manners. */
export const SimulatedMarket: Layer.Layer<Market> = Layer.sync(Market, () => {
  const knocks = new Map<string, number>();
  return {
    sellers: Object.keys(habits),
    ask: (seller) =>
      Effect.gen(function* () {
        const { price, answersAfter, knocks: needed } = habits[seller] as Habits;
        const knock = (knocks.get(seller) ?? 0) + 1;
        knocks.set(seller, knock);
        if (knock < needed) return yield* Effect.fail(new Unreachable(`${seller} does not open`));
        yield* Effect.sleep(answersAfter);
        return price;
      }),
    dismiss: (seller) => Effect.log(`dismissed ${seller}`),
  };
});
