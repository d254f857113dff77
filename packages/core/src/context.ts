import { notAFunction } from "./arguments.ts";
import { UsageError } from "./errors.ts";
import { builtinModule, hostProcess } from "./host.ts";
import type { CancelScope } from "./scope/cancel-scope.ts";

/** The part of `AsyncLocalStorage` that carries a value along the flow of control. */
export interface Carrier<T> {
  getStore(): T | undefined;
  run<R, A extends unknown[]>(value: T, body: (...args: A) => R, ...args: A): R;
  enterWith?(value: T): void;
}

interface AsyncHooks {
  AsyncLocalStorage: {
    new <T>(): Carrier<T>;
    snapshot?(): <R>(body: () => R) => R;
  };
}

const asyncHooks = builtinModule("node:async_hooks") as AsyncHooks | undefined;

/** Stands in where the host cannot carry a value across an `await`: code outside scopes still works. */
class NoCarrier<T> implements Carrier<T> {
  getStore(): undefined {
    return undefined;
  }
  run(): never {
    throw new UsageError(
      "this JavaScript host has no AsyncLocalStorage, so scopes and tasks cannot follow an await: " +
        "use Node 20.19 or later, Bun or Deno",
    );
  }
}

export function createCarrier<T>(): Carrier<T> {
  return asyncHooks === undefined ? new NoCarrier<T>() : new asyncHooks.AsyncLocalStorage<T>();
}

/** The one ambient slot: the innermost scope, which knows its task, run and backend. */
export const ambient: Carrier<CancelScope | undefined> = createCarrier();

/**
 * Whether the host keeps context in frames, as Node 24 does. There `run` costs 250 ns, and
 * `enterWith` half of it. Node 20 and 22 attach context to async resources: there `run` costs 50 ns,
 * and `enterWith` leaks to whatever resource happens to be the current one.
 */
const keepsFrames =
  Number.parseInt(hostProcess?.versions?.["node"] ?? "0", 10) >= 24 &&
  hostProcess?.versions?.["bun"] === undefined &&
  hostProcess?.versions?.["deno"] === undefined &&
  !("_enable" in ambient);

/** Calls `body` with `scope` as the ambient scope, which is `outer` around the call. */
export function inside<A, R>(
  scope: CancelScope,
  outer: CancelScope | undefined,
  body: (argument: A) => R,
  argument: A,
): R {
  if (!keepsFrames || ambient.enterWith === undefined) return ambient.run(scope, body, argument);
  // What `run` does there, without its rest parameters and its second look at the store.
  ambient.enterWith(scope);
  try {
    return body(argument);
  } finally {
    ambient.enterWith(outer);
  }
}

/**
 * Calls `body` with `scope` as the ambient scope, as the last thing that a microtask of ours does:
 * with frames each microtask starts in one of its own, so there is nothing to restore.
 */
export function continueInside<A, R>(scope: CancelScope, body: (argument: A) => R, argument: A): R {
  if (!keepsFrames || ambient.enterWith === undefined) return ambient.run(scope, body, argument);
  ambient.enterWith(scope);
  return body(argument);
}

/**
 * The promise of what a body returned inside `scope`, or its plain value. A lazy thenable, such as a
 * query, begins its work when `then` is called: that is in the body's scope as well.
 */
export function begun<T>(scope: CancelScope, result: T | PromiseLike<T>): T | Promise<T> {
  if (result instanceof Promise) return result;
  const lazy = typeof (result as Partial<PromiseLike<T>> | null | undefined)?.then === "function";
  return lazy ? ambient.run(scope, adopt<T>, result as PromiseLike<T>) : (result as T);
}

function adopt<T>(thenable: PromiseLike<T>): Promise<T> {
  return Promise.resolve(thenable);
}

/**
 * For backends and bridges: runs `fn` in the async context in which this module was loaded, outside
 * every scope, task and request, so that what `fn` registers with the host keeps none of them alive.
 */
export const outside: <R>(fn: () => R) => R =
  asyncHooks?.AsyncLocalStorage.snapshot?.() ?? ((fn) => fn());

/**
 * Runs `fn` outside every scope and task, and returns what it returns: for what must outlive the
 * scope it happens to be created in, such as a pool or a cache. Your own `AsyncLocalStorage` and
 * `ContextVar` values stay. [C22]
 *
 * @throws what `fn` throws; TypeError if `fn` is no function
 */
export function detached<T>(fn: () => T): T {
  const wrong = notAFunction(fn, "detached()");
  if (wrong !== undefined) throw wrong;
  return ambient.getStore() === undefined ? fn() : ambient.run(undefined, fn);
}
