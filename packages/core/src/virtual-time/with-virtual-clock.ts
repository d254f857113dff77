import type { Backend, HostedTask } from "../backend.ts";
import { UsageError } from "../errors.ts";
import { ClockDriver } from "./clock-driver.ts";
import {
  checkedAutojump,
  checkedRate,
  notAnInstant,
  VirtualClock,
  type VirtualClockOptions,
} from "./virtual-clock.ts";

/** A backend in virtual time. */
export interface VirtualBackend extends Backend {
  /** Tells its time, and moves it. */
  readonly clock: VirtualClock;
}

/**
 * The same backend under a virtual clock: tasks, turns and host cancellation are the backend's own,
 * time is the clock's. It stands still while any task runs, starts, is about to be resumed or awaits a
 * promise of the outside, and for one full quiet turn of the event loop after that; then it moves to
 * the earliest deadline or sleep. So hours pass in milliseconds, and each instant is exact.
 *
 * Where all tasks of a run wait and nothing is left that time could bring, the run fails with
 * `DeadlockError` at once. [D1] It goes on waiting if it was given a `signal` or `signals`, or if code
 * outside of it has moved the clock: that code may wake it as well.
 *
 * @throws RangeError or TypeError for options that make no sense; UsageError for a backend whose time
 * is virtual already
 *
 * @example
 * const backend = withVirtualClock(promiseBackend());
 * await run(() => sleep(3_600_000), { backend });
 * backend.clock.now; // 3600000
 */
export function withVirtualClock(
  backend: Backend,
  options: VirtualClockOptions = {},
): VirtualBackend {
  if (backend.capabilities.virtualTime) {
    throw new UsageError(
      `backend "${backend.name}" has a virtual clock already: run on it as it is, or wrap one in live time`,
    );
  }
  const { start = 0, rate = 0, autojump = rate === 0 } = options;
  const wrong = notAnInstant(start, "withVirtualClock(): start");
  if (wrong !== undefined) throw wrong;
  const driver = new ClockDriver(start, checkedAutojump(autojump, "withVirtualClock(): autojump"));
  driver.rate = checkedRate(rate, "withVirtualClock(): rate");

  return {
    ...(backend.reportUnhandled && { reportUnhandled: backend.reportUnhandled.bind(backend) }),
    ...(backend.wake && {
      wake(host, resume, why, waited) {
        const arrived = driver.expect();
        backend.wake?.(host, before(arrived, resume), why, waited);
      },
    }),
    ...(backend.checkpoint && { checkpoint: backend.checkpoint.bind(backend) }),
    clock: new VirtualClock(driver),
    name: backend.name,
    capabilities: { ...backend.capabilities, virtualTime: true },
    now: () => driver.time.now,
    setTimer: (delayMs, callback) => driver.timers.set(driver.time.now + delayMs, callback),
    reschedule: (callback, host) => backend.reschedule(before(driver.expect(), callback), host),
    spawn: (task) => backend.spawn(expected(task, driver.expect())),
    run: (task) => backend.run(expected(task, driver.expect())),
    idle() {
      backend.idle?.();
      driver.stir();
    },
    bind(core) {
      driver.bind(core);
      backend.bind?.(core);
    },
  };
}

function before(first: () => void, then: () => void): () => void {
  return () => {
    first();
    then();
  };
}

/** The same task, which tells when the backend starts it, or settles it without having started it. */
function expected(task: HostedTask, arrived: () => void): HostedTask {
  return {
    id: task.id,
    name: task.name,
    spawner: task.spawner,
    attach: (host) => task.attach(host),
    cancel: (reason) => task.cancel(reason),
    run: ((ended) => {
      arrived();
      return task.run(ended);
    }) as HostedTask["run"],
    settled(outcome) {
      arrived();
      task.settled(outcome);
    },
  };
}
