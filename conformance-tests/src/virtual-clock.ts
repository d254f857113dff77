import type { Backend } from "@anywhen/core";
import { observedTask } from "./observed-task.ts";
import { afterTurn } from "./turn.ts";

type BoundCore = Parameters<NonNullable<Backend["bind"]>>[0];

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * The same backend under a virtual clock. Time stands still while any task runs, starts or is about
 * to be resumed, and for one full quiet turn of the event loop after that; then it jumps to the
 * earliest timer. So hours pass in milliseconds, and each instant is exact.
 */
export function withVirtualClock(backend: Backend): Backend {
  const timers = new Set<Timer>();
  let core: BoundCore | undefined;
  let time = 1_000;
  /** Reschedules and starts that the backend has still to carry out: the core does not count them as running. */
  let underway = 0;
  let watching = false;
  let stirred = false;

  function stir(): void {
    stirred = true;
    if (watching) return;
    watching = true;
    afterTurn(look);
  }

  function look(): void {
    if (stirred) {
      stirred = false;
      afterTurn(look);
      return;
    }
    watching = false;
    const next = earliest(timers);
    if (!next || underway > 0 || (core?.runnable ?? 0) > 0) return;
    timers.delete(next);
    time = Math.max(time, next.at);
    next.callback();
    stir();
  }

  const arrived = (): void => {
    underway -= 1;
    stir();
  };

  return {
    ...(backend.reportUnhandled && { reportUnhandled: backend.reportUnhandled.bind(backend) }),
    ...(backend.wake && { wake: backend.wake.bind(backend) }),
    name: backend.name,
    capabilities: { ...backend.capabilities, virtualTime: true },
    now: () => time,
    setTimer(delayMs, callback) {
      const timer: Timer = { at: time + delayMs, callback };
      timers.add(timer);
      stir();
      return { cancel: () => void timers.delete(timer) };
    },
    reschedule(callback, host) {
      underway += 1;
      backend.reschedule(() => {
        arrived();
        callback();
      }, host);
    },
    spawn(task) {
      underway += 1;
      backend.spawn(observedOnce(task, arrived));
    },
    run: (task) => backend.run(task),
    idle() {
      backend.idle?.();
      stir();
    },
    bind(bound) {
      core = bound;
      backend.bind?.(bound);
    },
  };
}

/** A task that is settled without ever having been started is under way no longer, either. */
function observedOnce(
  task: Parameters<Backend["spawn"]>[0],
  arrived: () => void,
): Parameters<Backend["spawn"]>[0] {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    arrived();
  };
  return observedTask(task, { started: tell, settled: tell });
}

function earliest(timers: Iterable<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (!first || timer.at < first.at) first = timer;
  return first;
}
