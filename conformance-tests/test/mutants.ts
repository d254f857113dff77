import type { Backend, HostedTask } from "@anywhen/core";
import { referenceBackend } from "./reference-backend.ts";

/** A backend with one fault, and a case that must find it. */
export interface Mutant {
  readonly fault: string;
  readonly caughtBy: readonly string[];
  /** What the complaint says about the fault. */
  readonly message: RegExp;
  readonly mutate: (reference: Backend) => Partial<Backend>;
}

type Start = (task: HostedTask<unknown>) => Promise<void>;

export const mutants: readonly Mutant[] = [
  {
    fault: "loses every tenth reschedule",
    caughtBy: ["B11.4"],
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
    caughtBy: ["B11.1"],
    message: /first in, first out.*expected \["0", "1".*came/,
    mutate: () => ({ reschedule: batched((batch) => batch.reverse()) }),
  },
  {
    fault: "calls back synchronously",
    caughtBy: ["B10.1"],
    message: /never calls back synchronously.*\["callback", "reschedule returned"\] came/,
    mutate: () => ({ reschedule: (callback) => callback() }),
  },
  {
    fault: "flushes its queue in the async context of whoever filled it first",
    caughtBy: ["B12.1", "B12.3"],
    message: /AsyncLocalStorage|context/,
    mutate: () => ({ reschedule: batched((batch) => batch) }),
  },
  {
    fault: "drops the rest of a batch when a callback throws",
    caughtBy: ["B13.1"],
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
    caughtBy: ["B13.2"],
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
    fault: "gives microtasks for turns, which starve timers",
    caughtBy: ["B14.1", "B14.2", "K4.1"],
    message: /timers|I\/O/,
    mutate: () => ({ reschedule: (callback) => queueMicrotask(callback) }),
  },
  {
    fault: "fires timers early",
    caughtBy: ["B15.1"],
    message: /its instant has come.*did not fire early/,
    mutate: ({ setTimer }) => ({
      setTimer: (delayMs, callback) => setTimer(delayMs / 2, callback),
    }),
  },
  {
    fault: "truncates long timers",
    caughtBy: ["B15.3"],
    message: /does not fire at once.*\["fired"\] came/,
    mutate: ({ setTimer }) => ({
      setTimer: (delayMs, callback) => setTimer(delayMs % (2 ** 31 - 1), callback),
    }),
  },
  {
    fault: "fires timers synchronously when they are due at once",
    caughtBy: ["B10.3"],
    message: /never calls back synchronously/,
    mutate: ({ setTimer }) => ({
      setTimer(delayMs, callback) {
        if (delayMs > 0) return setTimer(delayMs, callback);
        callback();
        return { cancel: () => {} };
      },
    }),
  },
  {
    fault: "does not cancel timers",
    caughtBy: ["B16.1"],
    message: /A cancelled timer never fires/,
    mutate: ({ setTimer }) => ({
      setTimer(delayMs, callback) {
        setTimer(delayMs, callback);
        return { cancel: () => {} };
      },
    }),
  },
  {
    fault: "keeps the callback of a cancelled timer alive",
    caughtBy: ["B16.3"],
    message: /keeps its callback not alive/,
    mutate: ({ setTimer }) => {
      const callbacks: unknown[] = [];
      return {
        setTimer(delayMs, callback) {
          callbacks.push(callback);
          return setTimer(delayMs, callback);
        },
      };
    },
  },
  {
    fault: "keeps the callback with its cancelled timer",
    caughtBy: ["B16.3"],
    message: /keeps its callback not alive/,
    mutate: ({ setTimer }) => ({
      setTimer(delayMs, callback) {
        const timer = setTimer(delayMs, callback);
        return { cancel: () => timer.cancel(), callback };
      },
    }),
  },
  {
    fault: "keeps the process alive for cancelled timers",
    caughtBy: ["B16.4"],
    message: /does not keep the process alive.*expected \d+, and \d+ came/,
    mutate: () => ({
      setTimer(delayMs, callback) {
        let wanted: (() => void) | undefined = callback;
        setTimeout(() => wanted?.(), Math.min(delayMs, 5_000));
        return { cancel: () => void (wanted = undefined) };
      },
    }),
  },
  {
    fault: "has a clock that goes back",
    caughtBy: ["B15.5"],
    message: /never goes back.*after/,
    mutate: ({ now }) => {
      let reads = 0;
      return { now: () => now() - (++reads % 7) };
    },
  },
  {
    fault: "settles a task before it has ended",
    caughtBy: ["B10.2"],
    message: /settles the task synchronously/,
    mutate: () => ({
      spawn: (task) => {
        task.attach(undefined);
        void task.run();
        task.settled({ tag: "ok", value: undefined });
      },
    }),
  },
  {
    fault: "never settles a task that failed",
    caughtBy: ["B17.2"],
    message: /settled once.*had not ended.*failing/,
    mutate: () => ({
      spawn: spawnedBy(async (task) => {
        const outcome = await task.run();
        if (outcome.tag !== "failed") task.settled(outcome);
      }),
    }),
  },
  {
    fault: "settles every task twice",
    caughtBy: ["B17.2"],
    message: /settled once/,
    mutate: () => ({
      spawn: spawnedBy(async (task) => {
        const outcome = await task.run();
        task.settled(outcome);
        task.settled(outcome);
      }),
    }),
  },
  {
    fault: "starts every task twice",
    caughtBy: ["B17.2"],
    message: /started once.*\[2, 2\] came/,
    mutate: () => ({
      spawn: spawnedBy(async (task) => {
        void task.run();
        task.settled(await task.run());
      }),
    }),
  },
  {
    fault: "wraps the errors of tasks",
    caughtBy: ["B17.2"],
    message: /Error\("boom"\).*Error\("wrapped"\)/,
    mutate: () => ({
      spawn: spawnedBy(async (task) => {
        const outcome = await task.run();
        task.settled(
          outcome.tag === "failed" ? { tag: "failed", error: new Error("wrapped") } : outcome,
        );
      }),
    }),
  },
  {
    fault: "resolves run() before the root task has settled",
    caughtBy: ["B17.1"],
    message: /after its task has settled.*expected/,
    mutate: ({ run }) => ({
      run: async (task) => {
        void run(task);
      },
    }),
  },
  {
    fault: "starts tasks last in, first out",
    caughtBy: ["B11.3"],
    message: /first in, first out/,
    mutate: ({ spawn }) => {
      let queue: HostedTask<unknown>[] = [];
      return {
        spawn: (task) => {
          if (queue.push(task) > 1) return;
          queueMicrotask(() => {
            const batch = queue.reverse();
            queue = [];
            for (const each of batch) spawn(each);
          });
        },
      };
    },
  },
  {
    fault: "drops every second wake-up",
    caughtBy: ["C3.2"],
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
];

/** The backend of a mutant. */
export function mutantBackend(mutant: Mutant): Backend {
  const reference = referenceBackend();
  return { ...reference, ...mutant.mutate(reference) };
}

function spawnedBy(start: Start): Backend["spawn"] {
  return (task) => {
    task.attach(undefined);
    void start(task);
  };
}

/** A queue that one microtask flushes, in the order that `arrange` gives; each callback is on its own. */
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
