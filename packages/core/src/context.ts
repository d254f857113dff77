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
  AsyncResource: new (
    type: string,
    triggerAsyncId: number,
  ) => {
    runInAsyncScope<A extends unknown[], R>(fn: (...args: A) => R, self: undefined, ...args: A): R;
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

/** Calls back with `scope` as the ambient scope. */
export function inside<A, B, R>(scope: CancelScope, call: (a: A, b: B) => R, a: A, b: B): R {
  if (!keepsFrames || asyncHooks === undefined) return ambient.run(scope, call, a, b);
  // `run` would make a copy of the frame to enter and another one to leave. A resource keeps the frame
  // that it is made in, and puts it back. The number spares it to look up what has triggered it.
  const around = new asyncHooks.AsyncResource("anywhen.scope", 0);
  return around.runInAsyncScope(enter<A, B, R>, undefined, scope, call, a, b);
}

function enter<A, B, R>(scope: CancelScope, call: (a: A, b: B) => R, a: A, b: B): R {
  ambient.enterWith?.(scope);
  return call(a, b);
}

/**
 * The same as the last thing that a microtask of ours does: with frames each microtask starts in one
 * of its own, so there is nothing to restore.
 */
export function continueInside<A, B>(
  scope: CancelScope,
  call: (a: A, b: B) => void,
  a: A,
  b: B,
): void {
  if (!keepsFrames || ambient.enterWith === undefined) ambient.run(scope, call, a, b);
  else {
    ambient.enterWith(scope);
    call(a, b);
  }
}

/**
 * What `body` comes to, as a promise of the host's own. A lazy thenable, such as a query, begins its
 * work when `then` is called: that is here, in the body's scope.
 */
export function promised<A, T>(body: (argument: A) => T | PromiseLike<T>, argument: A): Promise<T> {
  try {
    return Promise.resolve(body(argument));
  } catch (error) {
    return Promise.reject(error);
  }
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
