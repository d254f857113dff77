import type { Backend } from "@anywhen/core";

let active: Backend | undefined;

/**
 * Calls `fn` on behalf of `backend`: what a pipeline subscribes to meanwhile picks that host up,
 * although the pipeline runs in no task.
 */
export function onBehalfOf<R>(backend: Backend, fn: () => R): R {
  const outer = active;
  active = backend;
  try {
    return fn();
  } finally {
    active = outer;
  }
}

/** The backend on whose behalf a pipeline runs right now, in this call stack. */
export function activeHost(): Backend | undefined {
  return active;
}
