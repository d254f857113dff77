import { notMilliseconds } from "./arguments.ts";
import { ambient } from "./context.ts";
import { defaultEngine } from "./registry.ts";
import { parkIn, refusedIn } from "./wait.ts";
import type { CancelScope } from "./scope/cancel-scope.ts";

/** Milliseconds on the backend's monotonic clock, fractional, of any origin: for deadlines and durations. */
export function now(): number {
  return (ambient.getStore()?.engine ?? defaultEngine()).now();
}

/**
 * Waits for `ms` milliseconds; zero or less is a `checkpoint()`, Infinity waits for cancellation.
 * A checkpoint.
 *
 * @throws RangeError for NaN, TypeError for what is no number
 */
export function sleep(ms: number): Promise<void> {
  const wrong = notMilliseconds(ms, "sleep()");
  if (wrong !== undefined) return Promise.reject(wrong);
  if (ms <= 0) return checkpoint();
  const scope = ambient.getStore();
  return sleepIn(scope, () => (scope?.engine ?? defaultEngine()).now() + ms);
}

/**
 * Waits until `now()` has reached `deadline`; an instant in the past is a `checkpoint()`. A checkpoint.
 *
 * @throws RangeError for NaN, TypeError for what is no number
 */
export function sleepUntil(deadline: number): Promise<void> {
  const wrong = notMilliseconds(deadline, "sleepUntil()");
  if (wrong !== undefined) return Promise.reject(wrong);
  if (deadline <= now()) return checkpoint();
  return sleepIn(ambient.getStore(), () => deadline);
}

function sleepIn(scope: CancelScope | undefined, due: () => number): Promise<void> {
  const refusal = refusedIn(scope);
  if (refusal !== undefined) return refusal;
  const waiter = parkIn<void>(scope);
  waiter.resumeAt(due());
  return waiter.promise;
}

/** Waits until the surrounding scope is cancelled. A checkpoint. */
export function sleepForever(): Promise<never> {
  const scope = ambient.getStore();
  return refusedIn(scope) ?? parkIn<never>(scope).promise;
}

/**
 * Lets other tasks, timers and I/O run, and is a cancellation point: put it into long computations.
 * Returns after every task that was resumed before the call has run. [K1-K5, C8]
 */
export function checkpoint(): Promise<void> {
  const scope = ambient.getStore();
  scope?.catchUp();
  const refusal = refusedIn(scope);
  if (refusal !== undefined) return refusal;
  const waiter = parkIn<void>(scope);
  waiter.inLaterTurn(() => waiter.resume());
  return waiter.promise;
}

/**
 * A cancellation point that never yields.
 *
 * @throws Cancelled if the current scope is effectively cancelled, also by a deadline whose timer
 * had no chance to fire yet [C8]; ScopeClosedError if it has ended [C22]
 */
export function throwIfCancelled(): void {
  const scope = ambient.getStore();
  if (scope === undefined) return;
  if (!scope.isOpen) throw scope.closedError();
  scope.catchUp();
  if (scope.effective !== undefined) throw scope.effective;
}
