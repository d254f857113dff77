import type { HostedTask, Outcome } from "@anywhen/core";

/** What to call when the host uses a task. */
export interface TaskObserver {
  started?(): void;
  settled?(outcome: Outcome): void;
}

/** The same task to a host, which tells `observer` when the host starts and settles it. */
export function observedTask(
  task: HostedTask<unknown>,
  observer: TaskObserver,
): HostedTask<unknown> {
  function run(): Promise<Outcome>;
  function run(ended: Ended): Promise<Outcome> | undefined;
  function run(ended?: Ended): Promise<Outcome> | undefined {
    observer.started?.();
    return ended === undefined ? task.run() : task.run((outcome) => ended(outcome, observed));
  }
  const observed: HostedTask<unknown> = {
    id: task.id,
    name: task.name,
    spawner: task.spawner,
    attach: (host) => task.attach(host),
    cancel: (reason) => task.cancel(reason),
    run,
    settled(outcome) {
      observer.settled?.(outcome);
      task.settled(outcome);
    },
  };
  return observed;
}

type Ended = (outcome: Outcome, task: HostedTask<unknown>) => void;
