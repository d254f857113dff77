import type { Backend } from "@anywhen/core";
import { asyncScheduler, type SchedulerLike, type Subscription } from "rxjs";
import { liveBackend } from "./live-backend.ts";
import { checkScheduler, isVirtual } from "./scheduler-check.ts";
import { virtualBackend } from "./virtual-backend.ts";

export interface RxjsBackendOptions {
  /** Where timers fire. Default `asyncScheduler`. */
  scheduler?: SchedulerLike;
}

/** One backend per scheduler: all its runs share one queue of timers, and one hand moves a virtual clock. */
const backends = new WeakMap<SchedulerLike, Backend<Subscription>>();

/**
 * Hosts tasks on RxJS: each is a `Subscription`, and unsubscribing cancels it; timers are actions of
 * `scheduler`. The same scheduler gives the same backend. What becomes of each scheduler:
 *
 * - `asyncScheduler`, the default: its timers, with the core's own turns.
 * - `asapScheduler`, `queueScheduler`, any other `SchedulerLike`: wrapped. They only fire timers, never
 *   at once, and no error or batch of others touches what runs then. Turns are the core's: the
 *   schedulers' own would keep timers and I/O from running.
 * - `VirtualTimeScheduler`, `TestScheduler` outside its `run()`: time moves while a run goes on, to the
 *   next action, and only when all tasks wait and nothing has happened for a turn of the event loop.
 * - `TestScheduler` inside its `run()`, `animationFrameScheduler`: refused, with the reason.
 *
 * @throws UsageError for a scheduler that cannot host tasks; TypeError for what is no scheduler
 *
 * @example
 * await run(main, { backend: rxjsBackend({ scheduler: new VirtualTimeScheduler() }) });
 */
export function rxjsBackend(options: RxjsBackendOptions = {}): Backend<Subscription> {
  const { scheduler = asyncScheduler } = options;
  checkScheduler(scheduler);
  let found = backends.get(scheduler);
  if (found === undefined) {
    found = isVirtual(scheduler) ? virtualBackend(scheduler) : liveBackend(scheduler);
    backends.set(scheduler, found);
  }
  return found;
}

/** The backend on `asyncScheduler`, which `run(main, { backend: "rxjs" })` and `ANYWHEN_BACKEND=rxjs` find. */
export const backend: Backend<Subscription> = /* @__PURE__ */ rxjsBackend();
