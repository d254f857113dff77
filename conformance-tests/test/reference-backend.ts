import { eventLoop, type Backend, type HostedTask } from "@anywhen/core";

/** A conforming backend, and the least there can be of one: what the mutants are made from. */
export function referenceBackend(): Backend {
  const start = async (task: HostedTask<unknown>): Promise<void> => {
    task.attach(undefined);
    task.settled(await task.run());
  };
  return {
    name: "reference",
    capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
    now: eventLoop.now,
    setTimer: eventLoop.setTimer,
    reschedule: (callback) => eventLoop.reschedule(callback),
    spawn: (task) => void start(task),
    run: start,
  };
}
