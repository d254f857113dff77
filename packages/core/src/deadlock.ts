import type { Engine } from "./engine.ts";
import { DeadlockError } from "./errors.ts";
import { hostProcess, nextTurn } from "./host.ts";
import type { RunState } from "./run-state.ts";
import { awaitedBy } from "./task/describe-tasks.ts";
import type { Task } from "./task/task.ts";

/** A run that is under way. */
interface Watched {
  readonly run: RunState;
  readonly root: Task;
  /** Something outside, such as an abort signal, may cancel it while the process lives. */
  readonly reachable: boolean;
  /** Ends the run although its tasks do not. */
  readonly giveUp: (error: DeadlockError) => void;
  error: DeadlockError | undefined;
}

const underWay = new Set<Watched>();

/**
 * Watches a run until it is told to stop. Should the process be about to exit silently while all of
 * the run's tasks wait, nothing is left that could wake them: the run is cancelled, so that cleanup
 * runs, and fails with `DeadlockError`. [D1]
 */
export function watchForDeadlock(
  root: Task,
  reachable: boolean,
  giveUp: (error: DeadlockError) => void,
): { stop(): void } {
  const watched: Watched = { run: root.run, root, reachable, giveUp, error: undefined };
  if (underWay.size === 0) hostProcess?.on?.("beforeExit", onBeforeExit);
  underWay.add(watched);
  return {
    stop() {
      underWay.delete(watched);
      if (underWay.size === 0) hostProcess?.removeListener?.("beforeExit", onBeforeExit);
    },
  };
}

/** The event loop has run dry: no timer, no I/O, no message can come any more. */
function onBeforeExit(): void {
  // The latest first: a run that waits for one inside it goes on when that one has failed.
  const stuck = [...underWay].findLast(({ run }) => run.stuck);
  if (stuck === undefined) return;
  end(stuck);
  // One more turn, after which the host asks again: a shielded wait is not ended by the cancellation.
  nextTurn(() => {});
}

/** See `CoreState.stuck`. A run that can be reached from outside may go on, and wake the others. */
export function endStuckRun(engine: Engine): boolean {
  const runs = [...underWay].filter(({ run }) => run.engine === engine);
  const stuck = runs.findLast(({ run }) => run.stuck);
  if (stuck === undefined || runs.some(({ reachable }) => reachable)) return false;
  if ([...underWay].some((other) => other.run.engine !== engine && goesOn(other))) return false;
  end(stuck, "\n  (nothing is due on the virtual clock; only promises that tasks await hold it)");
  return true;
}

/** Whether it may still do something, and so wake a run on another backend that shares an event or a stream with it. */
function goesOn({ run, reachable }: Watched): boolean {
  return reachable || !run.stuck || run.engine.timers.nextDue < Infinity;
}

/** The second time, the cancellation has not ended it: its tasks are left where they are. */
function end(stuck: Watched, note = ""): void {
  if (stuck.error === undefined) {
    stuck.error = new DeadlockError(describeDeadlock(stuck) + note);
    stuck.root.scope.cancelWith("deadlock", stuck.error);
  } else stuck.giveUp(stuck.error);
}

function describeDeadlock({ run, root }: Watched): string {
  const tasks = [...run.tasks()];
  const count =
    tasks.length === 1 ? "its only task waits" : `all of its ${tasks.length} tasks wait`;
  const lines = tasks.map(
    (task) => `  task ${JSON.stringify(task.name)} waits for ${awaitedBy(task)}`,
  );
  return [
    `run ${JSON.stringify(root.name)} can make no progress: ${count}, and nothing is left that could wake them`,
    ...lines,
  ].join("\n");
}
