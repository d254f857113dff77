/**
 * What the JavaScript host offers beyond the common web platform, looked up once at load.
 * The core names no `node:` module, so a browser can load it; everything here may be missing.
 * Captured at load, the real functions survive a test runner's fake timers.
 */

interface HostProcess {
  readonly env?: Record<string, string | undefined>;
  readonly versions?: Record<string, string | undefined>;
  getBuiltinModule?(name: string): unknown;
  emitWarning?(message: string, options: { type: string; code: string }): void;
  on?(event: string, listener: (signal: string) => void): void;
  removeListener?(event: string, listener: (signal: string) => void): void;
  exit?(code: number): void;
}

interface HostGlobals {
  readonly process?: HostProcess;
  readonly setImmediate?: (callback: () => void) => unknown;
}

const globals = globalThis as HostGlobals;

/** Node's, Bun's or Deno's `process`; undefined in a browser. */
export const hostProcess: HostProcess | undefined = globals.process;

/** A built-in module such as `node:async_hooks`, where the host has one. */
export function builtinModule(name: string): unknown {
  return hostProcess?.getBuiltinModule?.(name);
}

/** Monotonic milliseconds. Bound: called as a method it costs twice as much on Node 24. */
export const now: () => number = globalThis.performance.now.bind(globalThis.performance);

/** Calls back after one full turn of the event loop: timers and I/O come first. */
export const nextTurn: (callback: () => void) => void =
  globals.setImmediate === undefined ? postedTurns() : immediateTurns(globals.setImmediate);

function immediateTurns(setImmediate: (callback: () => void) => unknown) {
  return (callback: () => void): void => {
    setImmediate(callback);
  };
}

/** Browsers have no `setImmediate`; a message to oneself costs about as much, `setTimeout` 4 ms. */
function postedTurns() {
  return (callback: () => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      callback();
    };
    port2.postMessage(undefined);
  };
}
