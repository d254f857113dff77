import { moveOnAfter, shield, sleep, taskGroup } from "anywhen";

/*
 * A library of async functions. It knows `anywhen` and nothing of Effect: the same code serves an
 * Express handler, a script, or the Effect layer in `pricing.ts`.
 */

/** Somebody who can be asked for a price. */
export interface Seller {
  readonly name: string;
  /** Rejects where the seller cannot be reached. */
  ask(item: string): Promise<number>;
  /** Tells the seller that the answer is no longer of use. */
  dismiss(item: string): Promise<void>;
}

export interface Quote {
  readonly seller: string;
  readonly price: number;
}

/** Nobody answered in time. */
export class NoQuote extends Error {
  override readonly name = "NoQuote";
}

/**
 * Asks all sellers at once, again where one cannot be reached, and takes the cheapest of the answers
 * that have come after `patienceMs`. Whoever has not answered by then is dismissed.
 *
 * @throws NoQuote if there is no answer
 */
export async function cheapestQuote(
  item: string,
  sellers: readonly Seller[],
  patienceMs: number,
): Promise<Quote> {
  const quotes: Quote[] = [];
  await moveOnAfter(patienceMs, () =>
    taskGroup(async (tg) => {
      for (const seller of sellers) {
        tg.startSoon(async () => void quotes.push(await quoteOf(seller, item)), {
          name: `ask ${seller.name}`,
        });
      }
    }),
  );
  const [cheapest] = quotes.toSorted((one, other) => one.price - other.price);
  if (cheapest === undefined) throw new NoQuote(`nobody offers ${item} within ${patienceMs} ms`);
  return cheapest;
}

async function quoteOf(seller: Seller, item: string): Promise<Quote> {
  let answered = false;
  try {
    const price = await persistently(() => seller.ask(item));
    answered = true;
    return { seller: seller.name, price };
  } finally {
    // The deadline has passed, but this is still to be said; and not for long.
    if (!answered) await shield(() => seller.dismiss(item), { timeout: 1_000 });
  }
}

/** Tries again for ever, less and less often: the deadline around it ends it. */
async function persistently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let pauseMs = 100; ; pauseMs *= 2) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await sleep(pauseMs);
    }
  }
}

/** A seller cannot be reached now, but perhaps later. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}
