import type { Backend, HostedTask } from "@anywhen/core";

/** The longest delay `setTimeout` can hold; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

/**
 * Tasks on what every browser and server has: promises, `setTimeout` and `MessageChannel`. It uses
 * nothing of the core's own event loop, so it shows all that a live backend has to see to.
 */
export function messageChannelBackend(): Backend<undefined> {
  const now = (): number => performance.now();
  let turnStart = now();
  let waitingForTurn = 0;

  /** One message to oneself is one full turn of the event loop: timers and I/O come first. [B14] */
  function nextTurn(callback: () => void): void {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      callback();
    };
    port2.postMessage(undefined);
  }

  return {
    name: "message-channel",
    capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
    now,

    setTimer(delayMs, callback) {
      const due = now() + delayMs;
      let wanted: (() => void) | undefined = callback;
      const arm = (ms: number): ReturnType<typeof setTimeout> =>
        setTimeout(fire, Math.min(Math.ceil(ms), longestDelay));
      // Hosts fire up to a millisecond early. [B15]
      const fire = (): void => {
        if (now() < due) handle = arm(due - now());
        else wanted?.();
      };
      let handle = arm(delayMs);
      const cancel = (): void => {
        clearTimeout(handle);
        wanted = undefined; // neither called nor kept alive [B16]
      };
      return { cancel };
    },

    reschedule(callback) {
      // A microtask is a later turn, too, and costs little; now and then a full one is due. While one
      // is under way all others queue up behind it, or the order would be lost. [B10, B11]
      if (waitingForTurn === 0 && now() - turnStart < 2) {
        queueMicrotask(callback); // keeps its caller's async context, and its errors to itself [B12, B13]
        return;
      }
      waitingForTurn++;
      nextTurn(() => {
        waitingForTurn--;
        turnStart = now();
        callback();
      });
    },

    spawn: (task) => void start(task),
    run: start,
  };
}

async function start(task: HostedTask<undefined>): Promise<void> {
  task.attach(undefined);
  task.settled(await task.run()); // once, after the end [B17]
}
