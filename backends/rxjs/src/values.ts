import { Event, throwIfCancelled } from "@anywhen/core";
import { EmptyError, from, type Observable, type ObservableInput, take } from "rxjs";

export interface ValueOptions<D> {
  /** What to resolve with if the source completes without a value. */
  defaultValue: D;
}

/**
 * Waits for the source's first value, then unsubscribes. A checkpoint: cancellation unsubscribes as
 * well. The wait counts as waiting, so a virtual clock may move.
 *
 * @throws the source's error, as it is; RxJS's `EmptyError` if it completes without a value and there
 * is no `defaultValue`
 */
export function firstValue<T, D = never>(
  source: ObservableInput<T>,
  options?: ValueOptions<D>,
): Promise<T | D> {
  return valueOf<T, D>(from(source).pipe(take(1)), options);
}

/**
 * Waits for the source to complete, and resolves with its last value. A checkpoint: cancellation
 * unsubscribes. Otherwise as `firstValue()`.
 *
 * @throws as `firstValue()`
 */
export function lastValue<T, D = never>(
  source: ObservableInput<T>,
  options?: ValueOptions<D>,
): Promise<T | D> {
  return valueOf<T, D>(from(source), options);
}

async function valueOf<T, D>(
  source: Observable<T>,
  options: ValueOptions<D> | undefined,
): Promise<T | D> {
  // Before subscribing: a call that throws Cancelled has had no effect. [K2]
  throwIfCancelled();
  const ended = new Event();
  let found: { readonly value: T } | undefined;
  let failure: { readonly error: unknown } | undefined;
  const subscription = source.subscribe({
    next(value) {
      found = { value };
    },
    error(error: unknown) {
      failure = { error };
      ended.set();
    },
    complete: () => ended.set(),
  });
  try {
    await ended.wait();
  } finally {
    subscription.unsubscribe();
  }
  if (failure !== undefined) throw failure.error;
  if (found !== undefined) return found.value;
  if (options !== undefined) return options.defaultValue;
  throw new EmptyError();
}
