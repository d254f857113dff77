import { shown } from "./shown.ts";

/** Checks of arguments that many exports take alike: each names the caller, the value and the fix. */

/** Whether `await` would wait for it; not only for promises of this realm. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  return typeof (value as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

/** @returns the TypeError to throw or reject with, or undefined */
export function notAFunction(value: unknown, caller: string): TypeError | undefined {
  if (typeof value === "function") return undefined;
  if (isThenable(value)) {
    // What becomes of it must not hide the error that names the mistake.
    Promise.resolve(value).catch(() => {});
    return new TypeError(
      `${caller} takes a function, got a promise: pass () => work(), not work()`,
    );
  }
  const fix = Array.isArray(value) ? ": spread it, ...fns" : "";
  return new TypeError(`${caller} takes a function, got ${shown(value)}${fix}`);
}

/** @returns the error to throw or reject with, or undefined; infinities are instants and durations too */
export function notMilliseconds(
  value: unknown,
  caller: string,
): TypeError | RangeError | undefined {
  if (typeof value !== "number") {
    return new TypeError(`${caller} takes milliseconds as a number, got ${shown(value)}`);
  }
  if (Number.isNaN(value)) {
    return new RangeError(`${caller} takes milliseconds, got NaN: check the arithmetic before it`);
  }
  return undefined;
}

/** @returns the RangeError to throw or reject with, or undefined */
export function notAConcurrency(value: unknown, caller: string): RangeError | undefined {
  if (value === Infinity || (Number.isInteger(value) && (value as number) > 0)) return undefined;
  return new RangeError(
    `${caller}: concurrency is a positive integer or Infinity, got ${shown(value)}`,
  );
}

/**
 * The name that something was given, if any.
 *
 * @throws TypeError if it is no string
 */
export function checkedName(
  caller: string,
  options: { readonly name?: unknown } | undefined,
): string | undefined {
  const name = options?.name;
  if (name === undefined || typeof name === "string") return name;
  throw new TypeError(`${caller}: name is a string, got ${shown(name)}`);
}

/** @throws TypeError for what no task can be made of */
export function checkTask(
  fn: unknown,
  options: { readonly name?: unknown } | undefined,
  caller: string,
): void {
  const wrong = notAFunction(fn, caller);
  if (wrong !== undefined) throw wrong;
  checkedName(caller, options);
}

/** @throws TypeError if it is no iterable */
export function checkIterable(value: unknown, caller: string): void {
  const iterator = (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator];
  if (typeof iterator === "function") return;
  const fix = typeof value === "function" ? ": put the functions into an array" : "";
  throw new TypeError(`${caller} takes an iterable of functions, got ${shown(value)}${fix}`);
}

/**
 * The functions that a helper is to run, in an array.
 *
 * @throws TypeError if it is no iterable of functions
 */
export function checkedFunctions<F>(fns: Iterable<F>, caller: string): F[] {
  checkIterable(fns, caller);
  const checked = [...fns];
  for (const fn of checked) {
    const wrong = notAFunction(fn, caller);
    if (wrong !== undefined) throw wrong;
  }
  return checked;
}
