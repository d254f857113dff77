import { createCarrier, type Carrier } from "./context.ts";
import { shown } from "./shown.ts";

/**
 * A value that follows the flow of control into tasks, timers and callbacks, on every backend.
 * A task sees the values of the call that started it. [T3]
 *
 * @example
 * const requestId = new ContextVar<string>("requestId");
 * await requestId.run("r-17", () => handle(request)); // requestId.get() is "r-17" inside
 */
export class ContextVar<T> {
  readonly name: string;
  readonly #defaultValue: T | undefined;
  /** Boxed, so that `undefined` can be a value of its own. */
  readonly #carrier: Carrier<{ readonly value: T }> = createCarrier();

  /** @throws TypeError if `name` is no string */
  constructor(name: string, options: { defaultValue?: T } = {}) {
    if (typeof name !== "string") {
      throw new TypeError(`ContextVar: name is a string, got ${shown(name)}`);
    }
    this.name = name;
    this.#defaultValue = options.defaultValue;
  }

  /** The value of the innermost `run()` around this call, else the default value, else undefined. */
  get(): T | undefined {
    const box = this.#carrier.getStore();
    return box === undefined ? this.#defaultValue : box.value;
  }

  /** Calls `body` with the variable set to `value`, for as long as what it starts goes on. */
  run<R>(value: T, body: () => R): R {
    return this.#carrier.run({ value }, body);
  }
}
