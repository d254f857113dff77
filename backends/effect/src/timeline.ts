import type { Backend, CoreState } from "@anywhen/core";
import { type Clock, Context, type Fiber, Scheduler } from "effect";
import { ShortTurns } from "./short-turns.ts";
import { type AdjustableClock, isAdjustable } from "./clock-time.ts";

/** What happens on one clock that moves only when told to: who still runs, and who is due next. */
export class Timeline {
  readonly #cores: CoreState[] = [];
  readonly #turns = new ShortTurns();
  readonly #counting = new WeakMap<Scheduler.Scheduler, Scheduler.Scheduler>();
  /** Turns asked for, and steps of fibers scheduled, that have not come yet: the core does not count them. */
  #underway = 0;
  #onQuiet: (() => void)[] = [];

  /** True while a task or an effect of a task can go on without any time passing. */
  get busy(): boolean {
    return this.#underway > 0 || this.runnable > 0;
  }

  /** Tasks that neither sleep nor wait for one another. */
  get runnable(): number {
    return this.#cores.reduce((sum, core) => sum + core.runnable, 0);
  }

  /** The earliest sleep or deadline, Infinity if there is none. */
  get nextDue(): number {
    return this.#cores.reduce((first, core) => Math.min(first, core.nextDue()), Infinity);
  }

  /** Calls back once, when it is no longer busy. Returns what takes the call back. */
  whenQuiet(callback: () => void): () => void {
    this.#onQuiet.push(callback);
    return () => {
      this.#onQuiet = this.#onQuiet.filter((waiting) => waiting !== callback);
    };
  }

  /** The members by which a backend on this clock tells what it is doing. */
  members(): Required<Pick<Backend, "reschedule" | "idle" | "bind">> {
    return {
      reschedule: (callback) => this.#turns.reschedule(this.#counted(callback)),
      idle: () => this.#look(),
      bind: (core) => void this.#cores.push(core),
    };
  }

  /** `context` with a scheduler that counts, so that effects which merely yield count as busy. */
  observed(context: Context.Context<never>): Context.Context<never> {
    const scheduler = Context.get(context, Scheduler.Scheduler);
    if (scheduler instanceof CountingScheduler) return context;
    let counting = this.#counting.get(scheduler);
    if (counting === undefined) {
      counting = new CountingScheduler(scheduler, (step) => this.#counted(step));
      this.#counting.set(scheduler, counting);
    }
    return Context.add(context, Scheduler.Scheduler, counting);
  }

  #counted(step: () => void): () => void {
    this.#underway++;
    return () => {
      this.#underway--;
      try {
        step();
      } finally {
        this.#look();
      }
    };
  }

  #look(): void {
    if (this.busy) return;
    for (const callback of this.#onQuiet.splice(0)) callback();
  }
}

/** Passes every step of a fiber through `counted` on its way to the scheduler that it stands before. */
class CountingScheduler implements Scheduler.Scheduler {
  readonly executionMode: "sync" | "async";
  readonly #inner: Scheduler.Scheduler;
  readonly #counted: (step: () => void) => () => void;

  constructor(inner: Scheduler.Scheduler, counted: (step: () => void) => () => void) {
    this.#inner = inner;
    this.#counted = counted;
    this.executionMode = inner.executionMode;
  }

  shouldYield(fiber: Fiber.Fiber<unknown, unknown>): boolean {
    return this.#inner.shouldYield(fiber);
  }

  makeDispatcher(): Scheduler.SchedulerDispatcher {
    const dispatcher = this.#inner.makeDispatcher();
    return {
      scheduleTask: (task, priority) => dispatcher.scheduleTask(this.#counted(task), priority),
      flush: () => dispatcher.flush(),
    };
  }
}

const timelines = new WeakMap<AdjustableClock, Timeline>();

/** The one timeline of a clock; undefined for clocks that move by themselves. */
export function timelineOf(clock: Clock.Clock): Timeline | undefined {
  if (!isAdjustable(clock)) return undefined;
  let timeline = timelines.get(clock);
  if (timeline === undefined) {
    timeline = new Timeline();
    timelines.set(clock, timeline);
  }
  return timeline;
}
