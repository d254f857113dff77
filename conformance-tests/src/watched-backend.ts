import type { Backend, HostedTask, Outcome } from "@anywhen/core";
import { observedTask } from "./observed-task.ts";

/** A task as the host sees it. */
export interface WatchedTask {
  readonly name: string;
  readonly started: number;
  readonly outcomes: readonly Outcome[];
  /** What a host calls that wants the task gone. */
  cancel(reason?: unknown): void;
}

/** Reading the clock costs as much as a turn. */
const turnsPerClockRead = 64;
/** A timer that is this late has been held off: the machine is not that busy. */
const graceMs = 250;

/** What went through a backend since it was wrapped. */
export interface BackendWatch {
  readonly clockReads: number;
  readonly reschedules: number;
  readonly timersSet: number;
  /** Timers that have neither fired nor been cancelled. */
  readonly timersAlive: number;
  /** Every task handed to the backend so far, the root tasks included. */
  readonly tasks: readonly WatchedTask[];
  /** What the backend did although it must not, such as settling a task twice. */
  readonly faults: readonly string[];
}

/** Wraps a backend so that nothing changes but that everything is counted. */
export class WatchedBackend implements BackendWatch {
  clockReads = 0;
  reschedules = 0;
  timersSet = 0;
  readonly tasks: Watched[] = [];
  readonly faults: string[] = [];
  readonly backend: Backend;
  readonly #timers = new Set<object>();
  /** The case is over. From then on a virtual timer that fires is a leak: the clock had to jump for it. */
  #over = false;
  #turnsGiven = 0;
  /** Turns were withheld, because the case had used up its time. */
  #starved = false;
  readonly #giveUpAt: number;

  /**
   * Well after `timeoutMs` of real time no turn is asked for any more. A backend whose turns let nothing
   * else run would otherwise hold off the very timer that gives up the case, for ever.
   */
  constructor(inner: Backend, timeoutMs: number) {
    this.#giveUpAt = performance.now() + timeoutMs + graceMs;
    this.backend = this.#wrap(inner);
  }

  get timersAlive(): number {
    return this.#timers.size;
  }

  get unsettled(): string[] {
    return this.tasks.filter((task) => task.outcomes.length === 0).map((task) => task.name);
  }

  /** What was asked of the backend and has not come: the likely cause if a case does not end. */
  get owed(): string[] {
    const turns = this.reschedules - this.#turnsGiven;
    const unstarted = this.tasks.filter((task) => task.started === 0).map((task) => task.name);
    return [
      ...(this.#starved
        ? [`reschedule() gave ${this.#turnsGiven} turns and let nothing else of the host run`]
        : turns > 0
          ? [`${turns} of ${this.reschedules} callbacks of reschedule() never came`]
          : []),
      ...(unstarted.length > 0
        ? [`run() of these tasks was never called: ${unstarted.join(", ")}`]
        : []),
      ...(this.timersAlive > 0 ? [`${this.timersAlive} timer(s) are set and have not fired`] : []),
    ];
  }

  caseIsOver(): void {
    this.#over = true;
  }

  #wrap(inner: Backend): Backend {
    return {
      ...(inner.reportUnhandled && { reportUnhandled: inner.reportUnhandled.bind(inner) }),
      ...(inner.wake && { wake: inner.wake.bind(inner) }),
      name: inner.name,
      capabilities: inner.capabilities,
      now: () => {
        this.clockReads += 1;
        return inner.now();
      },
      setTimer: (delayMs, callback) => this.#setTimer(inner, delayMs, callback),
      reschedule: (callback, host) => this.#reschedule(inner, callback, host),
      spawn: (task) => inner.spawn(this.#observe(task)),
      run: (task) => inner.run(this.#observe(task)),
      idle: () => inner.idle?.(),
      bind: (core) => inner.bind?.(core),
    };
  }

  #reschedule(inner: Backend, callback: () => void, host: unknown): void {
    this.reschedules += 1;
    if (this.reschedules % turnsPerClockRead === 0) {
      this.#starved ||= performance.now() > this.#giveUpAt;
    }
    if (this.#starved) return;
    inner.reschedule(() => {
      this.#turnsGiven += 1;
      callback();
    }, host);
  }

  #setTimer(inner: Backend, delayMs: number, callback: () => void): { cancel(): void } {
    this.timersSet += 1;
    const timer = new WatchedTimer({
      fired: () => {
        if (!this.#over || !inner.capabilities.virtualTime) this.#timers.delete(timer);
      },
      cancelled: () => this.#timers.delete(timer),
      fault: (fault) => this.faults.push(fault),
    });
    this.#timers.add(timer);
    timer.arm(inner, delayMs, callback);
    return timer;
  }

  #observe(task: HostedTask<unknown>): HostedTask<unknown> {
    const watched = new Watched(task);
    this.tasks.push(watched);
    return observedTask(task, {
      started: () => {
        watched.started += 1;
        if (watched.started > 1)
          this.faults.push(`B17: the backend started the task ${task.name} twice`);
      },
      settled: (outcome) => {
        watched.outcomes.push(outcome);
        if (watched.outcomes.length > 1)
          this.faults.push(`B17: the backend settled the task ${task.name} twice`);
      },
    });
  }
}

interface TimerObserver {
  fired(): void;
  cancelled(): void;
  fault(fault: string): void;
}

/** A class, because closures that share variables would keep the callback of a cancelled timer alive. */
class WatchedTimer {
  #state: "armed" | "fired" | "cancelled" = "armed";
  #timer: { cancel(): void } | undefined;
  readonly #observer: TimerObserver;

  constructor(observer: TimerObserver) {
    this.#observer = observer;
  }

  arm(inner: Backend, delayMs: number, callback: () => void): void {
    // The backend gets a callback of its own, so that only it can keep the case's callback alive.
    this.#timer = inner.setTimer(delayMs, () => {
      this.#fire();
      callback();
    });
  }

  cancel(): void {
    if (this.#state === "armed") this.#state = "cancelled";
    this.#observer.cancelled();
    this.#timer?.cancel();
  }

  #fire(): void {
    if (this.#state === "cancelled") {
      this.#observer.fault("B16: a timer fired although it had been cancelled");
    }
    if (this.#state === "fired") this.#observer.fault("B16: a timer fired twice");
    this.#state = "fired";
    this.#observer.fired();
  }
}

class Watched implements WatchedTask {
  started = 0;
  readonly outcomes: Outcome[] = [];
  readonly name: string;
  readonly #task: HostedTask<unknown>;

  constructor(task: HostedTask<unknown>) {
    this.name = task.name;
    this.#task = task;
  }

  cancel(reason?: unknown): void {
    this.#task.cancel(reason);
  }
}

/** The task of that name; there has to be one. */
export function hosted(tasks: readonly WatchedTask[], name: string): WatchedTask {
  const task = tasks.find((candidate) => candidate.name === name);
  if (!task) throw new Error(`no task named ${name} was handed to the backend`);
  return task;
}
