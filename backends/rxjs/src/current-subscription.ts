import { currentHost } from "@anywhen/core";
import { Subscription } from "rxjs";

/**
 * The current task as RxJS sees it; undefined outside every task, and in those of other backends.
 * Unsubscribing cancels the task, and returns before the task has unwound. What is added to it is
 * torn down when the task is unsubscribed or ends, whichever comes first.
 *
 * @example
 * destroyed$.pipe(take(1)).subscribe(() => task.unsubscribe()); // task = currentSubscription()
 */
export function currentSubscription(): Subscription | undefined {
  const host = currentHost();
  return host instanceof Subscription ? host : undefined;
}
