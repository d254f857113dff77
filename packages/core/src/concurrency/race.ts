import { checkedFunctions } from "../arguments.ts";
import { ambient } from "../context.ts";
import { isCancelled } from "../scope/cancelled.ts";
import { taskGroup } from "../task/task-group.ts";
import { groupError, type TaskGroupError } from "../task/task-group-error.ts";
import type { TaskGroup, TaskHandle } from "../task/task-types.ts";
import { refusedIn } from "../wait.ts";
import type { Fn } from "./gather.ts";

/** One race: the winner's value, or the losers' errors in the order of failure. */
class Race<T> {
  winner: { readonly value: T } | undefined;
  readonly #errors: unknown[] = [];
  readonly #names: string[] = [];

  async enter(tg: TaskGroup, fn: Fn<T>, name: string): Promise<void> {
    try {
      const value = await fn();
      this.winner ??= { value };
      tg.cancel("another one won the race");
    } catch (error) {
      // Past the end of the race errors are the group's, unless there is a winner to return.
      if (isCancelled(error) || (this.winner === undefined && tg.scope.cancelled)) throw error;
      this.#errors.push(error);
      this.#names.push(name);
    }
  }

  /** An entrant that ended without value or error has cancelled itself, which is no way to win. */
  noteCancelled(entrant: TaskHandle): void {
    try {
      void entrant.returnValue;
    } catch (error) {
      this.#errors.push(error);
      this.#names.push(entrant.name);
    }
  }

  get lost(): TaskGroupError {
    return groupError("a race without a winner", this.#errors, this.#names);
  }
}

/**
 * Runs all functions as tasks; the first to succeed wins, the rest are cancelled and awaited. Errors
 * of losers are dropped once there is a winner. A checkpoint. [H1]
 *
 * @throws TaskGroupError with every error if all failed; RangeError for nothing [H3]; TypeError if
 * one is no function
 */
export async function race<T>(fns: Iterable<Fn<T>>): Promise<T> {
  const entrants = checkedFunctions(fns, "race()");
  if (entrants.length === 0)
    throw new RangeError("race() of nothing has no winner: give it at least one function");
  await refusedIn(ambient.getStore());
  const race = new Race<T>();
  let tasks: TaskHandle[] = [];
  await taskGroup((tg) => {
    tasks = entrants.map((fn, index) => {
      const name = fn.name || `entrant-${index}`;
      return tg.startSoon(() => race.enter(tg, fn, name), { name });
    });
  });
  if (race.winner !== undefined) return race.winner.value;
  for (const task of tasks) race.noteCancelled(task);
  throw race.lost;
}
