/**
 * Turns of the host's event loop. The real functions are captured when the module loads, so that
 * fake timers of a test runner change nothing.
 */
interface HostTimers {
  setImmediate?: (callback: () => void) => unknown;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

const host = globalThis as unknown as HostTimers;
const setImmediate = host.setImmediate;
const setTimeout = host.setTimeout;
const clearTimeout = host.clearTimeout;

/** Calls `callback` in a later macrotask, after everything that is ready now. */
export const afterTurn: (callback: () => void) => void = setImmediate
  ? (callback) => void setImmediate(callback)
  : throughMessageChannel();

/** Resolves in a later macrotask. A foreign promise to the core: a task that awaits it counts as running. */
export function turn(): Promise<void> {
  return new Promise((resolve) => afterTurn(resolve));
}

/** Calls `callback` after `ms` milliseconds of real time; returns what takes the call back. */
export function afterRealTime(ms: number, callback: () => void): () => void {
  const handle = setTimeout(callback, ms);
  return () => clearTimeout(handle);
}

function throughMessageChannel(): (callback: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const callbacks: (() => void)[] = [];
  port1.onmessage = () => callbacks.shift()?.();
  return (callback) => {
    callbacks.push(callback);
    port2.postMessage(undefined);
  };
}
