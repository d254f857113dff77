import { Lock, now } from "anywhen";

/** A token that is fetched when it is asked for, and anew when it is a minute old. */
export class Tokens {
  #token = "";
  #fetchedAt = -Infinity;
  readonly #lock = new Lock({ name: "tokens" });
  readonly #fetch: () => Promise<string>;

  constructor(fetch: () => Promise<string>) {
    this.#fetch = fetch;
  }

  get(): Promise<string> {
    return this.#lock.use(async () => {
      if (now() - this.#fetchedAt > 60_000) {
        this.#token = await this.#fetch();
        this.#fetchedAt = now();
      }
      return this.#token;
    });
  }
}
