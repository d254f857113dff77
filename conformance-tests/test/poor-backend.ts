import type { Backend, HostedTask } from "@anywhen/core";

/**
 * What one writes who has not read the rules: `setTimeout` for everything, `Promise.all` over what
 * was started, and no word about errors, order or context. It breaks most of what a backend owes,
 * and is here so that the to-do list which the suite makes of it can be read.
 */
export function poorBackend(): Backend<undefined> {
  const started: Promise<void>[] = [];
  const waiting: (() => void)[] = [];

  async function host(task: HostedTask<undefined>): Promise<void> {
    const outcome = await task.run();
    if (outcome.tag === "ok") task.settled(outcome);
    else task.settled({ tag: "failed", error: new Error("task failed", { cause: outcome.error }) });
  }

  function later(callback: () => void): void {
    waiting.push(callback);
    setTimeout(() => {
      while (waiting.length > 0) quietly(waiting.pop());
    });
  }

  return {
    name: "poor",
    capabilities: { virtualTime: false, deterministic: false, hostCancel: true },
    now: () => Date.now(),
    setTimer(delayMs, callback) {
      if (delayMs < 1) {
        callback();
        return { cancel() {} };
      }
      const handle = setTimeout(() => quietly(callback), delayMs - 1);
      return { cancel: () => void handle };
    },
    reschedule: later,
    wake: (_host, resume) => later(resume),
    spawn: (task) => void started.push(host(task)),
    async run(task) {
      await Promise.all([...started, host(task)]);
    },
  };
}

function quietly(callback: (() => void) | undefined): void {
  try {
    callback?.();
  } catch {
    // Nobody hears of it.
  }
}
