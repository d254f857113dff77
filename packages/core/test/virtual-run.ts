import { withVirtualClock } from "@anywhen/conformance";
import { run } from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";

/** `run` in virtual time: it moves on only while every task waits. */
export function virtualRun<T>(main: () => T | PromiseLike<T>): Promise<T> {
  return run(main, { backend: withVirtualClock(promiseBackend()) });
}
