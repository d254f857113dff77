import { type Backend, type CoreState, UsageError } from "@anywhen/core";

/** A backend that is still being loaded: its first run waits for it. Until then it can only run. */
export function lateBackend(name: string, loading: Promise<Backend>): Backend {
  let loaded: Backend | undefined;
  let core: CoreState | undefined;
  // Told by the run that waits for it.
  loading.catch(() => {});

  const backend = (): Backend => {
    if (loaded !== undefined) return loaded;
    throw new UsageError(
      `backend "${name}" has not been loaded yet: call run() on it first, or import it and pass the object`,
    );
  };

  return {
    name,
    capabilities: { virtualTime: false, deterministic: false, hostCancel: false },
    now: () => backend().now(),
    setTimer: (delayMs, callback) => backend().setTimer(delayMs, callback),
    reschedule: (callback, host) => backend().reschedule(callback, host),
    spawn: (task) => backend().spawn(task),
    async run(task) {
      if (loaded === undefined) {
        loaded = await loading;
        if (loaded.capabilities.virtualTime) throw hasItsOwn(name);
        if (core !== undefined) loaded.bind?.(core);
      }
      await loaded.run(task);
    },
    wake(host, resume, why, waited) {
      const inner = backend();
      if (inner.wake === undefined) resume();
      else inner.wake(host, resume, why, waited);
    },
    idle: () => loaded?.idle?.(),
    bind: (bound) => void (core = bound),
  };
}

function hasItsOwn(name: string): UsageError {
  return new UsageError(
    `backend "${name}" has a virtual clock already: run on it as it is, or wrap one in live time`,
  );
}
