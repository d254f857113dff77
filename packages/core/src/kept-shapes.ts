import type { Backend } from "./backend.ts";
import { inputFrom } from "./concurrency/input.ts";
import { outside } from "./context.ts";
import { Engine } from "./engine.ts";
import { RunState } from "./run-state.ts";
import { CancelScope } from "./scope/cancel-scope.ts";
import { memoryStream } from "./stream/memory-stream.ts";
import { elapsed, happened, receiving, sending } from "./stream/select-case.ts";
import { Registration, Selection } from "./stream/selection.ts";
import { CapacityLimiter } from "./sync/capacity-limiter.ts";
import { Event } from "./sync/event.ts";
import { Lock } from "./sync/lock.ts";
import { Semaphore } from "./sync/semaphore.ts";
import { Hosting } from "./task/hosting.ts";
import { Task } from "./task/task.ts";
import { Group } from "./task/task-group.ts";
import { parkIn } from "./wait.ts";

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

let kept: readonly unknown[] | undefined;

/**
 * Keeps one object alive of each class that comes and goes with tasks, waits and what they share. V8
 * holds on to the shape of objects, and to what it has compiled for that shape, only as long as there
 * is such an object when it collects all garbage: between two requests that may be none, and then the
 * whole library would run in the interpreter again.
 */
export function keepShapes(): void {
  // Outside: they must keep nothing else alive.
  kept ??= outside(() => [ofTasks(), ofPrimitives(), ofStreams()]);
}

function ofTasks(): unknown[] {
  const run = new RunState(new Engine(still));
  const group = new Group(undefined);
  const task = new Task(run, group, undefined, undefined, () => {}, undefined, undefined);
  const scope = new CancelScope({ deadline: 1.5 });
  scope.enter(task.scope, run.engine, task, 0.5);
  const waiter = parkIn(scope);
  waiter.resumeAt(1.5);
  return [group, scope, waiter, new Hosting(task, undefined, undefined), inputFrom([])];
}

function ofPrimitives(): unknown[] {
  const lenders = [new Lock(), new Semaphore(1), new CapacityLimiter(1)];
  return [lenders, lenders.map((lender) => lender.acquireNowait()), happened(new Event())];
}

function ofStreams(): unknown[] {
  const [send, receive] = memoryStream(1);
  send.sendNowait(undefined);
  const cases = [receiving(receive), sending(send, undefined), elapsed(1.5)];
  const selecting = [new Selection(undefined as never), new Registration("", undefined as never)];
  return [send, receive[Symbol.asyncIterator](), cases, selecting];
}
