import { notAFunction, notMilliseconds } from "../arguments.ts";
import { ScopeCancelledError, TimeoutError } from "../errors.ts";
import { CancelScope, type ScopeOptions } from "./cancel-scope.ts";

/** What the timeouts take beside their time. */
export type TimeoutOptions = Omit<ScopeOptions, "deadline">;

type Body<T> = (scope: CancelScope) => T | PromiseLike<T>;
type RequiredOptions = ScopeOptions & { readonly reason?: string };

/** A scope whose deadline counts from entering. */
function timedScope(after: number, options: ScopeOptions | undefined): CancelScope {
  const scope = new CancelScope(options);
  scope.withExtras().after = after;
  return scope;
}

/** Makes of a scope one that must return a value: what it absorbs becomes an error that says why. [C12] */
function required(scope: CancelScope, message: string | undefined): CancelScope {
  const extras = scope.withExtras();
  extras.whenAbsorbed = throwWhy;
  extras.message = message;
  return scope;
}

function throwWhy(scope: CancelScope): never {
  const cause = scope.own;
  if (scope.cancellation?.cause === "deadline")
    throw new TimeoutError(scope.extras?.message ?? timeoutMessage(scope), { cause });
  throw new ScopeCancelledError(cause?.message ?? "", cause?.reason, { cause });
}

function timeoutMessage(scope: CancelScope): string {
  const what = scope.title.name === undefined ? "the operation" : scope.describe();
  const after = scope.extras?.after;
  return after === undefined
    ? `${what} did not end by its deadline`
    : `${what} timed out after ${after} ms`;
}

/** Runs `body` in the scope that `make` returns; rejects where it throws. */
function runTimed<T>(
  caller: string,
  time: number,
  body: Body<T>,
  options: RequiredOptions | undefined,
  make: (time: number, options: RequiredOptions | undefined) => CancelScope,
): Promise<T | undefined> {
  const wrong = notAFunction(body, caller) ?? notMilliseconds(time, caller);
  if (wrong !== undefined) return Promise.reject(wrong);
  try {
    return make(time, options).begin(body);
  } catch (error) {
    return Promise.reject(error);
  }
}

const movesOnAt = (deadline: number, options: ScopeOptions | undefined): CancelScope =>
  new CancelScope({ ...options, deadline });
const failsAfter = (ms: number, options: RequiredOptions | undefined): CancelScope =>
  required(timedScope(ms, options), options?.reason);
const failsAt = (deadline: number, options: RequiredOptions | undefined): CancelScope =>
  required(movesOnAt(deadline, options), options?.reason);
const shields = (timeout: number): CancelScope =>
  required(timedScope(timeout, shielding), undefined);
const shielding: ScopeOptions = { shield: true, name: "shielded cleanup" };

/**
 * Runs `body` for at most `ms` milliseconds, counted from entering it. Resolves with its value, or
 * with `undefined` if the time ran out: no error, the program moves on. [C8, C10]
 *
 * @throws what `body` throws; RangeError for NaN
 */
export function moveOnAfter<T>(
  ms: number,
  body: Body<T>,
  options?: TimeoutOptions,
): Promise<T | undefined> {
  return runTimed("moveOnAfter()", ms, body, options, timedScope);
}

/** Like `moveOnAfter`, with an instant on the backend's clock (`now() + …`) instead of a duration. */
export function moveOnAt<T>(
  deadline: number,
  body: Body<T>,
  options?: TimeoutOptions,
): Promise<T | undefined> {
  return runTimed("moveOnAt()", deadline, body, options, movesOnAt);
}

/**
 * Runs `body` for at most `ms` milliseconds, counted from entering it, and resolves with its value.
 *
 * @throws TimeoutError if the time ran out; ScopeCancelledError if the scope was cancelled by hand
 * [C12]; what `body` throws, which wins over both; RangeError for NaN
 *
 * @example
 * const page = await failAfter(5_000, () => fetch(url, { signal: currentSignal() }));
 */
export function failAfter<T>(
  ms: number,
  body: Body<T>,
  options?: TimeoutOptions & { reason?: string },
): Promise<T> {
  return runTimed("failAfter()", ms, body, options, failsAfter) as Promise<T>;
}

/** Like `failAfter`, with an instant on the backend's clock (`now() + …`) instead of a duration. */
export function failAt<T>(
  deadline: number,
  body: Body<T>,
  options?: TimeoutOptions & { reason?: string },
): Promise<T> {
  return runTimed("failAt()", deadline, body, options, failsAt) as Promise<T>;
}

/**
 * Runs cleanup that an outer cancellation must not interrupt, for at most `timeout` milliseconds.
 * The outer cancellation is delivered at the next checkpoint after it. [C20]
 *
 * @throws TimeoutError past `timeout`; ScopeCancelledError if the scope was cancelled by hand; what
 * `body` throws; RangeError for NaN
 *
 * @example
 * try { await serve(socket) } finally { await shield(() => socket.end(), { timeout: 1_000 }) }
 */
export function shield<T>(body: Body<T>, options: { timeout?: number } = {}): Promise<T> {
  const wrong = notAFunction(body, "shield()");
  if (wrong !== undefined) return Promise.reject(wrong);
  return runTimed(
    "shield(): timeout",
    options.timeout ?? Infinity,
    body,
    undefined,
    shields,
  ) as Promise<T>;
}
