import { type Backend, eventLoop, type HostedTask, type Outcome } from "@anywhen/core";

/**
 * Tasks as plain promises on the host's event loop: the reference backend, and the shortest.
 *
 * To write your own, answer for your host what each member answers here: what is the time, how is a
 * timer set, when does a task that gave way go on, what starts a task and what runs a root. The core
 * does everything else. Then let `@anywhen/conformance` check the answers.
 */
export function promiseBackend(): Backend<undefined> {
  return {
    name: "promise",
    // Live time, an order that depends on it, and no way for a promise to be cancelled from outside.
    capabilities: { virtualTime: false, deterministic: false, hostCancel: false },

    // The event loop's own clock, timers and turns. They keep B10 to B16: see `eventLoop`.
    now: eventLoop.now,
    setTimer: eventLoop.setTimer,
    reschedule: eventLoop.reschedule,

    // `task.run()` never runs user code synchronously, so starting a task is calling it.
    spawn(task) {
      // There is no host handle: a promise has no context to inherit and nothing to cancel it by.
      task.attach(undefined);
      // Called back, it needs no promise; `task.run().then(…)`, as below, would do as well.
      void task.run(ended)?.then((outcome) => ended(outcome, task));
    },

    // A root needs nothing more here; a backend with virtual time drives its clock meanwhile.
    run(task) {
      task.attach(undefined);
      return task.run().then((outcome) => ended(outcome, task));
    },
  };
}

/** Tells the core that nothing of the task is left. */
function ended(outcome: Outcome, task: Pick<HostedTask, "settled">): void {
  task.settled(outcome);
}
