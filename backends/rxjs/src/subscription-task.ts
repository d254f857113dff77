import type { HostedTask } from "@anywhen/core";
import { Subscription } from "rxjs";
import { reportUnhandled } from "./report-unhandled.ts";

/**
 * Runs a task as a `Subscription`: unsubscribing cancels the task; when the task has ended, the
 * subscription is closed and what was added to it torn down. Resolves once the task has settled.
 *
 * It is no child of the spawner's: a task belongs to its group, which may outlive the spawner.
 */
export async function hostTask(task: HostedTask<Subscription>): Promise<void> {
  let unwound = false;
  const subscription = new Subscription(() => {
    if (!unwound) task.cancel("unsubscribed");
  });
  task.attach(subscription);
  const outcome = await task.run();
  unwound = true;
  try {
    subscription.unsubscribe();
  } catch (error) {
    reportUnhandled(error);
  }
  task.settled(outcome);
}
