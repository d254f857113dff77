import type { Backend } from "../backend.ts";
import { Engine } from "../engine.ts";
import { RunState } from "../run-state.ts";
import { CancelScope } from "../scope/cancel-scope.ts";
import { Alarm } from "../alarm-heap.ts";
import { parkIn } from "../wait.ts";
import { Hosting } from "./hosting.ts";
import { Task } from "./task.ts";
import { Group } from "./task-group.ts";

/** A backend on which nothing ever happens. */
const still: Backend = {
  name: "still",
  capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
  now: () => 0.5,
  setTimer: () => ({ cancel() {} }),
  reschedule() {},
  spawn() {},
  run: () => Promise.resolve(),
};

/** See `keepShapes`. */
export function taskShapes(): unknown {
  const run = new RunState(new Engine(still));
  const group = new Group(undefined);
  const task = new Task(run, group, undefined, undefined, () => {}, "");
  const scope = new CancelScope({ deadline: 1.5 });
  scope.enter(task.scope, run.engine, task, 0.5);
  return [group, scope, parkIn(scope), new Alarm(0.5, scope), new Hosting(task, undefined)];
}
