import { shown } from "../shown.ts";
import { ambient } from "../context.ts";
import { BusyResourceError } from "../errors.ts";
import type { Task } from "../task/task.ts";

/**
 * Guards a resource that only one task may use at a time and for which to wait would be a mistake,
 * such as the reading side of a socket: the second use is an error. For the authors of resources.
 *
 * @example
 * readonly #reading = new ResourceGuard("reading from");
 * async receive() {
 *   using _ = this.#reading.enter();
 *   return await this.#read();
 * }
 */
export class ResourceGuard {
  private readonly action: string;
  private use: Use | undefined = undefined;

  /**
   * @param action what is done to the resource, as in "another task is already reading from this
   * resource"; default "using"
   * @throws TypeError if it is no string
   */
  constructor(action: string = "using") {
    if (typeof action !== "string")
      throw new TypeError(`ResourceGuard: action is a string, got ${shown(action)}`);
    this.action = action;
  }

  /**
   * Begins a use, which ends when the result is disposed of; that may happen twice. No checkpoint. [K3]
   *
   * @throws BusyResourceError if a use has not ended
   */
  enter(): Disposable {
    if (this.use !== undefined) throw this.busy(this.use.task);
    this.use = new Use(this, ambient.getStore()?.task);
    return this.use;
  }

  /** @internal A use ended; one that had ended before must not end another's. */
  leave(use: Disposable): void {
    if (this.use === use) this.use = undefined;
  }

  private busy(task: Task | undefined): BusyResourceError {
    const who = task === undefined ? "somebody else" : `task ${JSON.stringify(task.name)}`;
    return new BusyResourceError(
      `${who} is already ${this.action} this resource: it takes one at a time; ` +
        "let one task do it, or take a Lock around each use",
    );
  }
}

class Use implements Disposable {
  readonly task: Task | undefined;
  private readonly guard: ResourceGuard;

  constructor(guard: ResourceGuard, task: Task | undefined) {
    this.guard = guard;
    this.task = task;
  }

  [Symbol.dispose](): void {
    this.guard.leave(this);
  }
}
