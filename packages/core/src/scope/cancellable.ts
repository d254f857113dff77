import { isThenable } from "../arguments.ts";
import { ambient } from "../context.ts";
import { followIn, refusedIn } from "../wait.ts";
import type { CancelScope } from "./cancel-scope.ts";
import { isCancelled } from "./cancelled.ts";
import { currentSignal } from "./current.ts";
import { shown } from "../shown.ts";

type Work<T> = PromiseLike<T> | ((signal: AbortSignal) => PromiseLike<T>);

/**
 * Awaits a foreign promise as a cancellation point. A function is called with the scope's signal,
 * which aborts on cancellation. The call then throws `Cancelled`: at once ("abandon", the default;
 * what becomes of the promise is ignored) or after the promise has settled ("wait"; an error it
 * fails with, other than an abort, is thrown instead, so none is lost). A checkpoint. [K6]
 *
 * @throws what the promise rejects with; TypeError if `work` is neither promise nor function
 */
export function cancellable<T>(
  work: Work<T>,
  options: { onCancel?: "abandon" | "wait" } = {},
): Promise<T> {
  const { onCancel = "abandon" } = options;
  if (onCancel !== "abandon" && onCancel !== "wait") {
    return Promise.reject(
      new TypeError(`cancellable(): onCancel is "abandon" or "wait", got ${shown(onCancel)}`),
    );
  }
  const scope = ambient.getStore();
  const refusal = refusedIn(scope);
  if (refusal !== undefined) {
    // A promise that is running already has nobody else to hear that it failed.
    if (typeof work !== "function") void Promise.resolve(work).catch(() => {});
    return refusal;
  }
  let promise: Promise<T>;
  try {
    const given = typeof work === "function" ? work(currentSignal()) : work;
    if (!isThenable(given)) {
      throw new TypeError(
        `cancellable() takes a promise or a function that returns one, got ${shown(given)}`,
      );
    }
    // A foreign thenable may throw, settle twice or at once: a promise of ours does not.
    promise = given instanceof Promise ? given : Promise.resolve(given);
  } catch (error) {
    return Promise.reject(error);
  }
  return onCancel === "wait" ? settledIn(scope, promise) : followIn(scope, promise, "foreign");
}

async function settledIn<T>(scope: CancelScope | undefined, promise: Promise<T>): Promise<T> {
  let cancellation: Error | undefined;
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  try {
    await followIn(scope, settled, "foreign");
  } catch (error) {
    if (!isCancelled(error)) throw error;
    cancellation = error;
  }
  const outcome = await settled;
  if ("value" in outcome && cancellation === undefined) return outcome.value;
  if ("error" in outcome && !(cancellation !== undefined && isAbort(outcome.error)))
    throw outcome.error;
  throw cancellation as Error;
}

function isAbort(error: unknown): boolean {
  return isCancelled(error) || (error as { name?: unknown } | null)?.name === "AbortError";
}
