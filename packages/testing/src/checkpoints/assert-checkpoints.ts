import { checkpointCount } from "@anywhen/core";
import { run } from "anywhen";
import { AssertionError } from "../assertion-error.ts";
import { shown } from "../shown.ts";

type Body<T> = () => T | PromiseLike<T>;

/**
 * Runs `fn` and throws unless the calling task has executed a checkpoint meanwhile: tells whether
 * cancellation can arrive in `fn` at all. Resolves with what `fn` returns; if `fn` throws, that error
 * is thrown and nothing is asserted. [K1]
 *
 * Checkpoints are counted for each task: those of tasks that `fn` starts do not count, those of other
 * branches of the same task (`Promise.all`) do. `throwIfCancelled()` is none, because nothing else can
 * happen there. Outside every task, `fn` runs in a `run()` of its own on the default backend.
 *
 * @throws AssertionError if there was no checkpoint; what `fn` throws; TypeError if it is no function
 *
 * @example
 * await assertCheckpoints(() => connection.query("select 1"));
 */
export async function assertCheckpoints<T>(fn: Body<T>): Promise<T> {
  const { checkpoints, outcome } = await observed(fn, "assertCheckpoints()");
  if ("error" in outcome) throw outcome.error;
  if (checkpoints > 0) return outcome.value;
  throw new AssertionError(
    `assertCheckpoints(): ${nameOf(fn)} ended without a checkpoint, so cancellation cannot arrive in it: ` +
      "await something of this library on every path, checkpoint() if nothing else",
  );
}

/**
 * Runs `fn` and throws if the calling task has executed a checkpoint meanwhile: for code in which
 * neither cancellation nor another task may come in half-way. Resolves with what `fn` returns. What
 * counts is said at `assertCheckpoints()`.
 *
 * @throws AssertionError if there was a checkpoint, also if `fn` threw: its error is the `cause` then;
 * otherwise what `fn` throws; TypeError if it is no function
 *
 * @example
 * await assertNoCheckpoints(() => cache.store(key, value));
 */
export async function assertNoCheckpoints<T>(fn: Body<T>): Promise<T> {
  const { checkpoints, outcome } = await observed(fn, "assertNoCheckpoints()");
  if (checkpoints > 0) {
    const executed = checkpoints === 1 ? "a checkpoint" : `${checkpoints} checkpoints`;
    throw new AssertionError(
      `assertNoCheckpoints(): ${nameOf(fn)} executed ${executed}, where cancellation and other tasks come in: ` +
        "use …Nowait() calls in it, or move what waits out of it",
      "error" in outcome ? { cause: outcome.error } : undefined,
    );
  }
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

interface Observed<T> {
  readonly checkpoints: number;
  readonly outcome: { readonly value: T } | { readonly error: unknown };
}

async function observed<T>(fn: Body<T>, caller: string): Promise<Observed<T>> {
  if (typeof fn !== "function") {
    throw new TypeError(`${caller} takes a function, got ${shown(fn)}: pass () => work()`);
  }
  const before = checkpointCount();
  if (before === undefined) return run(() => observed(fn, caller), { name: nameOf(fn) });
  const outcome = await outcomeOf(fn);
  return { checkpoints: (checkpointCount() ?? before) - before, outcome };
}

async function outcomeOf<T>(fn: Body<T>): Promise<Observed<T>["outcome"]> {
  try {
    return { value: await fn() };
  } catch (error) {
    return { error };
  }
}

function nameOf(fn: Body<unknown>): string {
  return fn.name || "the function";
}
