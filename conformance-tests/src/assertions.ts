import { deepEqual } from "./deep-equal.ts";
import { show, showBoth } from "./show.ts";

/** A class of errors; its constructor may be private. */
export interface ErrorClass {
  readonly name: string;
  readonly prototype: object;
}

/** An assertion did not hold: the backend, or the core on it, breaks the case's rule. */
export class RuleBroken extends Error {
  override readonly name = "RuleBroken";
  readonly caseId: string;

  constructor(caseId: string, message: string) {
    super(message);
    this.caseId = caseId;
  }
}

/** What a case states. `demand` says what is asked for here, where the title alone does not. */
export interface Assertions {
  ok(condition: unknown, demand: string): void;
  equal<T>(actual: T, expected: T, demand?: string): void;
  /** The very same object. */
  same(actual: unknown, expected: unknown, demand?: string): void;
  /** `work` throws before it returns; gives the error. */
  throws(work: () => unknown, matching?: ErrorClass, demand?: string): unknown;
  /** `work` gives a promise that rejects, and throws nothing itself; gives the error. */
  rejects(
    work: PromiseLike<unknown> | (() => unknown),
    matching?: ErrorClass,
    demand?: string,
  ): Promise<unknown>;
  fail(message: string): never;
}

/** The assertions of one case. `broken` remembers the first that failed, whoever catches the error. */
export class CaseAssertions implements Assertions {
  broken: RuleBroken | undefined;
  readonly #id: string;
  readonly #title: string;

  constructor(id: string, title: string) {
    this.#id = id;
    this.#title = title;
  }

  fail(message: string): never {
    const error = new RuleBroken(this.#id, `${this.#id}: ${this.#title}. But ${message}`);
    this.broken ??= error;
    throw error;
  }

  ok(condition: unknown, demand: string): void {
    if (!condition) this.fail(`this does not hold: ${demand}`);
  }

  equal<T>(actual: T, expected: T, demand?: string): void {
    if (deepEqual(actual, expected)) return;
    const shown = showBoth(expected, actual);
    this.#differs(shown.actual, shown.expected, demand);
  }

  same(actual: unknown, expected: unknown, demand?: string): void {
    if (!Object.is(actual, expected))
      this.#differs(show(actual), `the very same ${show(expected)}`, demand);
  }

  throws(work: () => unknown, matching?: ErrorClass, demand?: string): unknown {
    let value: unknown;
    try {
      value = work();
    } catch (error) {
      return this.#matched(error, matching, demand);
    }
    if (value instanceof Promise) value.catch(() => {});
    return this.#differs(show(value), `a throw of ${matching?.name ?? "an error"}`, demand);
  }

  async rejects(
    work: PromiseLike<unknown> | (() => unknown),
    matching?: ErrorClass,
    demand?: string,
  ): Promise<unknown> {
    const promise = typeof work === "function" ? this.#started(work) : work;
    let value: unknown;
    try {
      value = await promise;
    } catch (error) {
      return this.#matched(error, matching, demand);
    }
    return this.#differs(show(value), `a rejection with ${matching?.name ?? "an error"}`, demand);
  }

  #started(work: () => unknown): unknown {
    try {
      return work();
    } catch (error) {
      return this.fail(
        `a promise that rejects was expected, and a synchronous throw of ${show(error)} came`,
      );
    }
  }

  #matched(error: unknown, matching: ErrorClass | undefined, demand: string | undefined): unknown {
    if (error instanceof RuleBroken) throw error;
    if (matching && !isInstance(error, matching))
      this.#differs(show(error), `an error of class ${matching.name}`, demand);
    return error;
  }

  #differs(actual: string, expected: string, demand: string | undefined): never {
    const where = demand === undefined ? "" : ` (${demand})`;
    return this.fail(`expected ${expected}, and ${actual} came${where}`);
  }
}

function isInstance(error: unknown, matching: ErrorClass): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    Object.prototype.isPrototypeOf.call(matching.prototype, error)
  );
}
