import type { CoreState } from "../backend.ts";
import { outside } from "../context.ts";
import { eventLoop, type Timer } from "../event-loop.ts";
import { nextTurn } from "../host.ts";
import { QuietWatch } from "./quiet-watch.ts";
import { VirtualTime } from "./virtual-time.ts";
import { VirtualTimers } from "./virtual-timers.ts";

/** Someone waits until the clock has come to `to`, and all that is due by then has run. */
interface Advance {
  readonly to: number;
  readonly arrived: () => void;
}

/**
 * Moves a virtual clock, one instant at a time and only while it is quiet: no task runs, starts or is
 * about to be resumed, none awaits a promise of the outside, and nothing has happened for a full turn
 * of the event loop. So all that one instant brings about is over before the next comes.
 */
export class ClockDriver {
  readonly time: VirtualTime;
  readonly timers: VirtualTimers = new VirtualTimers(() => this.#timersChanged());
  readonly #cores: CoreState[] = [];
  readonly #quiet = new QuietWatch(() => this.#onQuiet());
  readonly #advances = new Set<Advance>();
  /** What the backend has still to carry out: the core does not count it as running. */
  #underway = 0;
  #autojump: boolean;
  /** Code outside the runs moves the clock, so it may wake their tasks just as well. */
  #movedFromOutside = false;
  #realTimer: Timer | undefined;

  constructor(start: number, autojump: boolean) {
    this.time = new VirtualTime(start);
    this.#autojump = autojump;
  }

  bind(core: CoreState): void {
    this.#cores.push(core);
  }

  /** Whether `core` is one whose time this is. */
  drives(core: CoreState | undefined): boolean {
    return core !== undefined && this.#cores.includes(core);
  }

  stir(): void {
    this.#quiet.stir();
  }

  /** The backend was asked for something. Returns what tells, once, that it has come. */
  expect(): () => void {
    this.#underway++;
    let told = false;
    return () => {
      if (told) return;
      told = true;
      this.#underway--;
      this.stir();
    };
  }

  get autojump(): boolean {
    return this.#autojump;
  }

  set autojump(autojump: boolean) {
    this.#autojump = autojump;
    this.stir();
  }

  set rate(rate: number) {
    this.time.rate = rate;
    this.#timersChanged();
  }

  /** Calls back when it is `to`, and all that is due by then has run. Returns what takes that back. */
  advance(to: number, arrived: () => void, fromOutside: boolean): () => void {
    const advance: Advance = { to, arrived };
    this.#movedFromOutside ||= fromOutside;
    this.#advances.add(advance);
    this.stir();
    return () => {
      this.#advances.delete(advance);
      this.stir();
    };
  }

  /** Leaps: everything that is due by then finds that it is `to` already. */
  jump(to: number, fromOutside: boolean): void {
    this.#movedFromOutside ||= fromOutside;
    this.time.moveTo(to);
    outside(() => nextTurn(() => this.#fireDue()));
  }

  #onQuiet(): void {
    // Whoever is busy stirs when it has become idle.
    if (this.#underway > 0 || this.#cores.some(({ runnable }) => runnable > 0)) return;
    const due = this.timers.nextDue;
    const target = this.#nextTarget();
    if (due <= this.#limit(target)) {
      this.time.moveTo(due);
      this.timers.fireFirst();
      this.stir();
    } else if (target !== undefined) this.#arriveAt(target);
    else if (due === Infinity && !this.#movedFromOutside && this.#giveUp()) this.stir();
  }

  /** How far the clock may go to the next timer. */
  #limit(target: number | undefined): number {
    return target ?? (this.#autojump ? Number.MAX_VALUE : this.time.now);
  }

  #nextTarget(): number | undefined {
    let next: number | undefined;
    for (const { to } of this.#advances) if (next === undefined || to < next) next = to;
    return next;
  }

  #arriveAt(target: number): void {
    this.time.moveTo(target);
    for (const advance of this.#advances) {
      if (advance.to > this.time.now) continue;
      this.#advances.delete(advance);
      advance.arrived();
    }
    this.stir();
  }

  /** Nothing that time could bring is left: what still waits, waits for ever. [D1] */
  #giveUp(): boolean {
    return this.#cores.some((core) => core.stuck());
  }

  #timersChanged(): void {
    this.stir();
    this.#realTimer?.cancel();
    this.#realTimer = undefined;
    const due = this.timers.nextDue;
    const delay = due === Infinity ? Infinity : this.time.realDelay(due);
    if (delay === Infinity) return;
    this.#realTimer = outside(() => eventLoop.setTimer(delay, () => this.#fireDue()));
  }

  /** As on a live clock: what is due fires, whoever is busy. */
  #fireDue(): void {
    this.#realTimer = undefined;
    while (this.timers.nextDue <= this.time.now) this.timers.fireFirst();
    this.#timersChanged();
  }
}
