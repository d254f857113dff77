import { AssertionError } from "../assertion-error.ts";
import { shown } from "../shown.ts";
import { Attempt, settle } from "./attempt.ts";

/** What every check of streams may be told. */
export interface StreamCheckOptions<T> {
  /** Item number `n`, each another one. Default the number itself. */
  item?: (n: number) => T;
  /** Whether what came out is what went in; for streams that copy. Default `Object.is`. */
  same?(got: T, sent: T): boolean;
  /**
   * Milliseconds, on the clock of the backend, after which a call that should have ended counts as stuck.
   * Default 1,000.
   */
  patience?: number;
}

/** The options of a check, last among its arguments: streams of anything but numbers need `item`. */
export type CheckArguments<T, Options> = number extends T
  ? [options?: Options]
  : [options: Options & { item: (n: number) => T }];

/** What a check works with: it makes streams, calls them, and is cleaned up after. */
export class Bench<S, T> {
  readonly item: (n: number) => T;
  readonly #same: (got: T, sent: T) => boolean;
  readonly #patience: number;
  readonly #make: () => S | PromiseLike<S>;
  readonly #dispose: (subject: S) => unknown;
  readonly #attempts: Attempt<unknown>[] = [];
  readonly #subjects: S[] = [];

  constructor(
    make: () => S | PromiseLike<S>,
    dispose: (subject: S) => unknown,
    { item, same = Object.is, patience = 1_000 }: StreamCheckOptions<T>,
  ) {
    this.#make = make;
    this.#dispose = dispose;
    this.item = item ?? ((n) => n as T);
    this.#same = same;
    this.#patience = patience;
  }

  async make(): Promise<S> {
    const subject = await this.#make();
    this.#subjects.push(subject);
    return subject;
  }

  /** Begins a call. */
  call<R>(what: string, call: () => R | PromiseLike<R>): Attempt<R> {
    return this.#keep(new Attempt(what, this.#patience, call));
  }

  /** Begins a call in a scope that is cancelled. */
  cancelled<R>(what: string, call: () => R | PromiseLike<R>): Attempt<R> {
    return this.#keep(new Attempt(`${what} in a cancelled scope`, this.#patience, call, true));
  }

  /** @throws AssertionError unless `got` is item `n` */
  isItem(what: string, got: T, n: number): void {
    if (this.isSame(got, n)) return;
    throw new AssertionError(
      `expected ${what} to be item ${n}, ${shown(this.item(n))}, got ${shown(got)}`,
    );
  }

  isSame(got: T, n: number): boolean {
    return this.#same(got, this.item(n));
  }

  /** Lets go of everything, whatever state it is in. */
  async clear(): Promise<void> {
    const closing = this.#subjects.map(
      (subject) => new Attempt("the cleanup", this.#patience, () => this.#dispose(subject)),
    );
    await settle();
    for (const { scope } of [...this.#attempts, ...closing]) scope.cancel("the check is over");
    await settle(1);
  }

  #keep<R>(attempt: Attempt<R>): Attempt<R> {
    this.#attempts.push(attempt);
    return attempt;
  }
}

/** Points in time at which something may come between two others: after so many microtasks, or turns. */
export const moments: readonly (() => Promise<void>)[] = [
  ...[0, 1, 2, 3, 5, 8, 13].map((count) => async () => {
    for (let passed = 0; passed < count; passed++) await Promise.resolve();
  }),
  () => settle(1),
  () => settle(2),
];
