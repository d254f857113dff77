import { ambient } from "../context.ts";
import { defaultEngine } from "../registry.ts";
import { parkIn, refusedIn } from "../wait.ts";

/**
 * Resolves when every other task of the run is parked in one of the library's waits and nothing has
 * moved for a full turn of the event loop. For tests: it stands where a test would otherwise sleep.
 * A task that awaits a foreign promise (a `fetch`, a file) is not waiting in this sense. A virtual
 * clock stands still meanwhile. A checkpoint. After Trio's `wait_all_tasks_blocked`.
 */
export function waitAllTasksBlocked(): Promise<void> {
  const scope = ambient.getStore();
  const refusal = refusedIn(scope);
  if (refusal !== undefined) return refusal;
  const run = scope?.task?.run ?? (scope?.engine ?? defaultEngine()).outsideRuns;
  const { engine } = run;
  // Holds the backend back until it has ended: the silence that is waited for is no reason to move time.
  engine.runnable++;
  const waiter = parkIn<void>(scope);
  if (waiter.settled) engine.release();
  else {
    run.watchers.push(waiter);
    run.probe();
  }
  return waiter.promise;
}
