import { AsyncResource } from "node:async_hooks";
import type { Backend, HostedTask } from "@anywhen/core";

/** Tasks on a queue of turns and on timers of its own: put what your host has in their place. */
export function myBackend(): Backend<undefined> {
  const now = (): number => performance.now();
  const queue: (() => void)[] = [];

  /** Calls all that waits now. What is added meanwhile waits for the next turn. */
  function turn(): void {
    for (const callback of queue.splice(0)) {
      try {
        callback();
      } catch (error) {
        queueMicrotask(() => {
          throw error; // reaches the host, and the others still get their turn [B13]
        });
      }
    }
  }

  return {
    name: "my-backend",
    capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
    now,

    setTimer(delayMs, callback) {
      const due = now() + delayMs;
      let wanted: (() => void) | undefined = callback;
      let handle = setTimeout(fire, delayMs);
      function fire(): void {
        if (now() < due) handle = setTimeout(fire, 1); // Node fires up to 1 ms early [B15]
        else wanted?.();
      }
      return {
        cancel() {
          clearTimeout(handle);
          wanted = undefined; // neither called nor kept alive [B16]
        },
      };
    },

    reschedule(callback) {
      const bound = AsyncResource.bind(callback); // runs in the context of this call [B12]
      const waiting = queue.push(bound); // first in, first out [B11]
      if (waiting === 1) setImmediate(turn); // later [B10], and after timers and I/O [B14]
    },

    spawn: (task) => void start(task),
    run: start,
  };
}

/** Hosts one task; a host that has a handle of its own for it passes that to `attach`. */
async function start(task: HostedTask<undefined>): Promise<void> {
  task.attach(undefined);
  task.settled(await task.run()); // once, after the task has ended [B17, B18]
}
