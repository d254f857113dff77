import {
  CancelScope,
  currentBackend,
  currentHost,
  currentScope,
  detached,
  isCancelled,
  type ReceiveStream,
  runFrom,
  ScopeCancelledError,
  type TaskGroup,
} from "@anywhen/core";
import { Observable, type SchedulerLike, type Subscriber } from "rxjs";
import { onBehalfOf } from "./active-host.ts";
import { pipelineHost } from "./pipeline-host.ts";
import { type Produce, producerOf } from "./producer.ts";
import { reportUnhandled } from "./report-unhandled.ts";

export interface ToObservableOptions {
  /** Scheduler whose backend runs the function. Default: the host that is found where one subscribes. */
  scheduler?: SchedulerLike;
  /** Task group that each subscription becomes a task of: it waits for the unwinding, and gets late errors. */
  owner?: TaskGroup;
  /** Name of the task, for diagnostics. Default: the function's name. */
  name?: string;
}

/**
 * An Observable of what the stream receives: it ends and fails as the stream does. Each item goes to
 * one subscriber. Unsubscribing loses none and leaves the stream open: it is its owner's to close.
 */
export function toObservable<T>(
  stream: ReceiveStream<T>,
  options?: ToObservableOptions,
): Observable<T>;
/**
 * An Observable that runs an async generator, or other function that returns an async iterable, for
 * each subscriber, and emits its items. See the overload for async functions.
 */
export function toObservable<T>(
  work: () => AsyncIterable<T>,
  options?: ToObservableOptions,
): Observable<T>;
/**
 * A cold Observable of an async function: subscribing runs it, in a task; its value is emitted, its
 * error is the Observable's.
 *
 * Unsubscribing cancels the task and returns at once, as it must in RxJS: the task unwinds after
 * that, while the next may already run. An error it throws then goes to `config.onUnhandledError`, or
 * to the host as an uncaught error. With `owner`, the group waits for the unwinding and gets the error.
 *
 * A subscription belongs to who unsubscribes: the scope it was made in does not end it, unless it is
 * that of `owner`. It runs on the current task's backend, in a pipeline driven by a run on that run's,
 * else on the process-wide default if that is one of RxJS, else on `asyncScheduler`. Observers run
 * outside every scope. If it is cancelled from elsewhere, it fails with `ScopeCancelledError`.
 *
 * @throws TypeError for what is neither function nor stream, or for both `owner` and `scheduler`
 *
 * @example
 * const results$ = query$.pipe(switchMap((query) => toObservable(() => search(query))));
 */
export function toObservable<T>(
  work: () => T | PromiseLike<T>,
  options?: ToObservableOptions,
): Observable<T>;
export function toObservable<T>(
  source: ReceiveStream<T> | (() => AsyncIterable<T> | T | PromiseLike<T>),
  options: ToObservableOptions = {},
): Observable<T> {
  const { scheduler, owner } = options;
  if (scheduler !== undefined && owner !== undefined) {
    throw new TypeError(
      "toObservable(): give either owner or scheduler: a group's tasks run on the backend of its run",
    );
  }
  const produce = producerOf<T>(source);
  const name = options.name ?? (source as { name?: string }).name ?? "";
  const settings: Settings = { name: name || "toObservable", owner, scheduler };
  return new Observable<T>((subscriber) => {
    const scope = new CancelScope({ name: settings.name });
    start(() => emitInto(subscriber, scope, produce), subscriber, settings);
    return () => scope.cancel("unsubscribed");
  });
}

interface Settings {
  readonly name: string;
  readonly owner: TaskGroup | undefined;
  readonly scheduler: SchedulerLike | undefined;
}

function start(
  task: () => Promise<void>,
  subscriber: Subscriber<unknown>,
  { name, owner, scheduler }: Settings,
): void {
  if (owner !== undefined) {
    owner.startSoon(task, { name });
    return;
  }
  const backend = pipelineHost(scheduler);
  const host =
    currentScope() !== undefined && backend === currentBackend() ? currentHost() : undefined;
  // What interrupted it has been told to the subscriber, if there still was one.
  const main = (): Promise<void> => task().catch(unlessCancelled);
  detached(() => runFrom(host, main, { backend, name })).catch((error: unknown) => {
    if (subscriber.closed) reportUnhandled(error);
    else subscriber.error(error);
  });
}

function unlessCancelled(error: unknown): void {
  if (!isCancelled(error)) throw error;
}

/** Throws only what the subscriber cannot be told any more, and `Cancelled`. */
async function emitInto<T>(
  subscriber: Subscriber<T>,
  scope: CancelScope,
  produce: Produce<T>,
): Promise<void> {
  const backend = currentBackend();
  // In no scope: what an observer starts must not end, or be cancelled, with this task.
  const tell = (notify: () => void): void => onBehalfOf(backend, () => detached(notify));
  let result: { readonly only: T } | undefined;
  try {
    result = await scope.run(() => produce((item) => tell(() => subscriber.next(item))));
  } catch (error) {
    if (subscriber.closed) throw error;
    const told = isCancelled(error) ? interruption(error) : error;
    tell(() => subscriber.error(told));
    if (told !== error) throw error;
    return;
  }
  if (subscriber.closed) return;
  // The function has cancelled its own scope: a subscriber that hears nothing would wait for ever.
  if (scope.cancelledCaught) {
    tell(() => subscriber.error(selfCancelled(scope)));
    return;
  }
  tell(() => {
    if (result !== undefined) subscriber.next(result.only);
    subscriber.complete();
  });
}

function interruption(cancelled: Error): ScopeCancelledError {
  const { reason } = cancelled as { reason?: unknown };
  const message = `toObservable: cancelled, and not by unsubscribing: ${cancelled.message}`;
  return new ScopeCancelledError(message, reason, { cause: cancelled });
}

function selfCancelled({ cancelReason }: CancelScope): ScopeCancelledError {
  return new ScopeCancelledError(
    "toObservable: the function cancelled its own scope, so it has no value to emit",
    cancelReason,
  );
}
