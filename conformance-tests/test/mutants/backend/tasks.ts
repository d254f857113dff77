import type { Backend, HostedTask } from "@anywhen/core";
import type { BackendMutant } from "../mutant.ts";

/** Backends whose `spawn` or `run` has a fault. */
export const taskMutants: readonly BackendMutant[] = [
  {
    fault: "settles a task before it has ended",
    breaks: ["B10.2"],
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
    breaks: ["B17.2"],
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
    breaks: ["B17.2"],
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
    breaks: ["B17.2"],
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
    breaks: ["B17.2"],
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
    breaks: ["B17.1"],
    message: /after its task has settled.*expected/,
    mutate: ({ run }) => ({
      run: async (task) => {
        void run(task);
      },
    }),
  },
  {
    fault: "starts tasks last in, first out",
    breaks: ["B11.3"],
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
    fault: "loses every third task",
    breaks: ["T20", "T1.5"],
    message: /all run.*had not ended/,
    mutate: ({ spawn }) => {
      let count = 0;
      return {
        spawn: (task) => {
          count += 1;
          if (count % 3 !== 0) spawn(task);
        },
      };
    },
  },
  {
    fault: "settles the root task before it has ended",
    breaks: ["B10.4"],
    message: /settles the task synchronously/,
    mutate: () => ({
      run: async (task) => {
        task.attach(undefined);
        void task.run();
        task.settled({ tag: "ok", value: undefined });
      },
    }),
  },
  {
    fault: "passes values on as copies",
    breaks: ["B17.2"],
    message: /with what its run\(\) resolved with/,
    mutate: () => ({
      spawn: spawnedBy(async (task) => {
        const outcome = await task.run();
        task.settled(
          outcome.tag === "ok" ? { tag: "ok", value: { ...Object(outcome.value) } } : outcome,
        );
      }),
    }),
  },
  {
    fault: "has no name",
    breaks: ["B1"],
    message: /has a name/,
    mutate: () => ({ name: "" }),
  },
];

type Start = (task: HostedTask<unknown>) => Promise<void>;

function spawnedBy(start: Start): Backend["spawn"] {
  return (task) => {
    task.attach(undefined);
    void start(task);
  };
}
