import { failAfter, sleep, TimeoutError } from "anywhen";

/** Asks a dictionary for the words that start with `prefix`. */
export type Request = (prefix: string) => Promise<string[]>;

const attempts = 3;
const patienceMs = 1_000;
const firstPauseMs = 100;

/**
 * A search with a deadline for each attempt and pauses between them. It is written against `anywhen`
 * alone: it knows neither RxJS nor who may cancel it, and needs no AbortSignal to be cancellable.
 *
 * @throws TimeoutError if no attempt was answered in time; what `request` throws
 */
export async function search(prefix: string, request: Request): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await failAfter(patienceMs, () => request(prefix));
    } catch (error) {
      if (!(error instanceof TimeoutError) || attempt === attempts) throw error;
    }
    await sleep(firstPauseMs * 2 ** (attempt - 1));
  }
}
