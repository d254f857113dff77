import type { Backend, HostedTask, Timer } from "@anywhen/core";

/** A backend that counts what goes through it and changes nothing. */
export interface CountedBackend {
  readonly backend: Backend;
  readonly counts: {
    clockReads: number;
    reschedules: number;
    spawned: number;
    settled: number;
    timersSet: number;
    timersAlive: number;
  };
}

export function counted(inner: Backend): CountedBackend {
  const counts = {
    clockReads: 0,
    reschedules: 0,
    spawned: 0,
    settled: 0,
    timersSet: 0,
    timersAlive: 0,
  };
  const observed = (task: HostedTask): HostedTask => {
    counts.spawned++;
    return {
      id: task.id,
      name: task.name,
      spawner: task.spawner,
      attach: (host) => task.attach(host),
      run: () => task.run(),
      cancel: (reason) => task.cancel(reason),
      settled: (outcome) => {
        counts.settled++;
        task.settled(outcome);
      },
    };
  };
  const setTimer = (delayMs: number, callback: () => void): Timer => {
    counts.timersSet++;
    counts.timersAlive++;
    let alive = true;
    const gone = (): void => {
      if (alive) counts.timersAlive--;
      alive = false;
    };
    const timer = inner.setTimer(delayMs, () => {
      gone();
      callback();
    });
    return {
      cancel: () => {
        gone();
        timer.cancel();
      },
    };
  };
  const backend: Backend = {
    name: inner.name,
    capabilities: inner.capabilities,
    ...(inner.wake && { wake: inner.wake.bind(inner) }),
    ...(inner.reportUnhandled && { reportUnhandled: inner.reportUnhandled.bind(inner) }),
    now: () => {
      counts.clockReads++;
      return inner.now();
    },
    setTimer,
    reschedule: (callback, host) => {
      counts.reschedules++;
      inner.reschedule(callback, host);
    },
    spawn: (task) => inner.spawn(observed(task)),
    run: (task) => inner.run(observed(task)),
    idle: () => inner.idle?.(),
    bind: (core) => inner.bind?.(core),
  };
  return { backend, counts };
}
