import type { HostedTask } from "@anywhen/core";
import type { TaskFiber } from "./task-fiber.ts";

/**
 * Stands for a spawner where a root task is to be no fiber of its own, but the one that calls. It is
 * how `toEffect()` gets hold of the task that `runFrom()` makes.
 */
export class CallingFiber {
  readonly fiber: TaskFiber;
  #task: HostedTask<TaskFiber> | undefined;
  #left: () => void = () => {};

  constructor(fiber: TaskFiber) {
    this.fiber = fiber;
  }

  /** The backend's part: hands the task over; resolves once it is settled. */
  adopt(task: HostedTask<TaskFiber>): Promise<void> {
    this.#task = task;
    return new Promise((resolve) => {
      this.#left = resolve;
    });
  }

  /** The bridge's part. */
  get task(): HostedTask<TaskFiber> {
    if (this.#task === undefined) throw new Error("the backend did not hand the task over at once");
    return this.#task;
  }

  /** The bridge has settled the task. */
  leave(): void {
    this.#left();
  }
}
