import { config } from "rxjs";

/** The real one, also under a test runner's fake timers. */
const { queueMicrotask } = globalThis;

/**
 * Gives an error that nobody can receive to where RxJS gives its own: `config.onUnhandledError`, or
 * else the host, as an uncaught error; always on a fresh stack.
 */
export function reportUnhandled(error: unknown): void {
  queueMicrotask(() => {
    const { onUnhandledError } = config;
    if (onUnhandledError === null) throw error;
    onUnhandledError(error);
  });
}
