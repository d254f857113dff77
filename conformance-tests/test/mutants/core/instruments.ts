import type { CoreMutant } from "../mutant.ts";

/** D4: faults in what instruments see. */
export const instrumentMutants: readonly CoreMutant[] = [
  {
    fault: "tells instruments of a wait before its call has said what it waits for",
    breaks: ["D4.1", "D4.2"],
    message: /waits for/,
    file: "instrument/instruments.ts",
    find: "this.#unsaid.push(waiter); void soon.then(() => this.unsaidWaits()?.());",
    replace: "this.#unsaid.push(waiter); this.unsaidWaits()?.();",
  },
  {
    fault: "keeps from instruments what a waiting task resumes for",
    breaks: ["D4.2"],
    message: /idler: cancel/,
    file: "wait.ts",
    find: "task.run.instruments.taskResumed(task, why);",
    replace: 'task.run.instruments.taskResumed(task, "value");',
  },
  {
    fault: "does not tell instruments that a run has ended",
    breaks: ["D4.1"],
    message: /run root ended: ok/,
    file: "run.ts",
    find: 'instruments?.runEnded(task.outcome?.tag ?? "failed");',
    replace: "",
  },
  {
    fault: "does not tell instruments who cancelled a scope",
    breaks: ["D4.3"],
    message: /by stopper/,
    file: "scope/cancel-scope.ts",
    find: 'this.cancelWith("call", reason, ambient.getStore()?.task);',
    replace: 'this.cancelWith("call", reason);',
  },
  {
    fault: "does not tell instruments which task's failure cancelled a group",
    breaks: ["D4.3"],
    message: /by failer/,
    file: "task/task-group.ts",
    find: 'this.scope.cancelWith("failure", error, task);',
    replace: 'this.scope.cancelWith("failure", error);',
  },
  {
    fault: "goes on calling an instrument that has thrown",
    breaks: ["D4.4"],
    message: /broken saw an end/,
    file: "instrument/instruments.ts",
    find: "instrument !== broken",
    replace: "true",
  },
  {
    fault: "lets an instrument that throws break the program",
    breaks: ["D4.4"],
    message: /had not ended/,
    file: "instrument/instruments.ts",
    find: "this.#remove(instrument, hook, error);",
    replace: "throw error;",
  },
  {
    fault: "shows the tasks of an inner run to the instruments of the outer one",
    breaks: ["D4.5"],
    message: /outer: b/,
    file: "run.ts",
    find: "const state = new RunState(engine, instruments);",
    replace:
      "const state = new RunState(engine, instruments); caller?.task?.run.instruments?.taskSpawned({ id: 0, name, parentId: undefined, state: 'pending' } as never);",
  },
];
