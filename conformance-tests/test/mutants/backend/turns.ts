import type { Backend } from "@anywhen/core";
import type { BackendMutant } from "../mutant.ts";

/** Backends whose `reschedule` or `wake` has a fault. */
export const turnMutants: readonly BackendMutant[] = [
  {
    fault: "loses every tenth reschedule",
    breaks: ["B11.4"],
    message: /none is lost.*had not ended/,
    mutate: ({ reschedule }) => {
      let count = 0;
      return {
        reschedule: (callback, host) => {
          count += 1;
          if (count % 10 !== 0) reschedule(callback, host);
        },
      };
    },
  },
  {
    fault: "calls back last in, first out",
    breaks: ["B11.1"],
    message: /first in, first out.*expected \["0", "1".*came/,
    mutate: () => ({ reschedule: batched((batch) => batch.reverse()) }),
  },
  {
    fault: "calls back synchronously",
    breaks: ["B10.1"],
    message: /never calls back synchronously.*\["callback", "reschedule returned"\] came/,
    mutate: () => ({ reschedule: (callback) => callback() }),
  },
  {
    fault: "flushes its queue in the async context of whoever filled it first",
    breaks: ["B12.1", "B12.3"],
    message: /AsyncLocalStorage|context/,
    mutate: () => ({ reschedule: batched((batch) => batch) }),
  },
  {
    fault: "drops the rest of a batch when a callback throws",
    breaks: ["B13.1"],
    message: /drops no other.*had not ended/,
    mutate: () => {
      let queue: (() => void)[] = [];
      const flush = (): void => {
        const batch = queue;
        queue = [];
        for (const callback of batch) callback();
      };
      return {
        reschedule: (callback) => {
          if (queue.push(callback) === 1) queueMicrotask(flush);
        },
      };
    },
  },
  {
    fault: "swallows the error of a callback",
    breaks: ["B13.2"],
    message: /reaches the host's error reporting.*the error was reported/,
    mutate: ({ reschedule }) => ({
      reschedule: (callback, host) =>
        reschedule(() => {
          try {
            callback();
          } catch {
            // The fault: nobody hears of it.
          }
        }, host),
    }),
  },
  {
    fault: "drops every second wake-up",
    breaks: ["C3.2"],
    message: /wakes every wait.*had not ended/,
    mutate: () => {
      let count = 0;
      return {
        wake: (_host, resume) => {
          count += 1;
          if (count % 2 === 0) resume();
        },
      };
    },
  },
  {
    fault: "gives microtasks for turns, which starve timers",
    breaks: ["B14.1", "B14.2", "K4.1"],
    message: /timers|I\/O/,
    mutate: () => ({ reschedule: (callback) => queueMicrotask(callback) }),
  },
  {
    fault: "lets what a callback registers go before what was registered earlier",
    breaks: ["B11.2"],
    message: /after those registered before it/,
    mutate: () => {
      const stack: (() => void)[] = [];
      let asked = false;
      const flush = (): void => {
        asked = false;
        const batch = stack.splice(0);
        for (let callback = batch.shift(); callback !== undefined; callback = batch.shift()) {
          callback();
          batch.unshift(...stack.splice(0));
        }
      };
      return {
        reschedule: (callback) => {
          stack.push(callback);
          if (!asked) setImmediate(flush);
          asked = true;
        },
      };
    },
  },
  {
    fault: "takes a timer for every turn",
    breaks: ["B14.3"],
    message: /far cheaper than a timer each/,
    mutate: () => ({ reschedule: (callback) => void setTimeout(callback, 1) }),
  },
];

/** A queue that one immediate flushes, in the order that `arrange` gives; each callback is on its own. */
function batched(arrange: (batch: (() => void)[]) => (() => void)[]): Backend["reschedule"] {
  let queue: (() => void)[] = [];
  const flush = (): void => {
    const batch = arrange(queue);
    queue = [];
    for (const callback of batch) callback();
  };
  return (callback) => {
    if (queue.push(callback) === 1) setImmediate(flush);
  };
}
