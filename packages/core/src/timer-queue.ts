import { Alarm, AlarmHeap, type AlarmTarget } from "./alarm-heap.ts";
import type { Backend } from "./backend.ts";
import { outside } from "./context.ts";
import { longestTimer, type Timer } from "./event-loop.ts";
import { nextTurn } from "./host.ts";
import { type Queued, settledWaits, type WaitList } from "./wait-queue.ts";

/** The alarm of a wait, which it has in the place of a queue. */
export class WaitAlarm extends Alarm implements WaitList<unknown> {
  private readonly timers: TimerQueue;

  private constructor(due: number, waiting: Queued & AlarmTarget, timers: TimerQueue) {
    super(due, waiting);
    this.timers = timers;
    waiting.queue = this;
  }

  /** Has `waiting` rung when the instant `due` has come, unless it is settled. */
  static set(due: number, waiting: Queued & AlarmTarget, timers: TimerQueue): void {
    if (waiting.queue !== settledWaits) timers.add(new WaitAlarm(due, waiting, timers));
  }

  describe(): string {
    return `the instant ${this.due}`;
  }

  remove(): void {
    this.timers.remove(this);
  }
}

/** The horizon moves on by this part of the time between the first and the last of the far alarms. */
const step = 1 / 4;

/**
 * Every deadline and sleep of one backend, over one armed host timer. One `setTimeout` per deadline
 * would fire 8 to 29 % of them out of order and cost five times as much.
 *
 * Most deadlines are lifted long before they are due, so only those are in order that are due soon,
 * up to the horizon. The far ones lie in no order, where setting and lifting one costs the same however
 * many there are. All of them are looked at when time has come to the horizon: so each is a few times
 * in its life, however often timers fire.
 */
export class TimerQueue {
  private readonly backend: Backend;
  /** What is due at the horizon at the latest. */
  private readonly near: AlarmHeap = new AlarmHeap();
  /** What is due after it. */
  private readonly far: Alarm[] = [];
  /** An instant. Once it is past, all that is set is far. */
  private horizon: number;
  private readonly onTimer = (): void => this.ring();
  private readonly onSweep = (): void => this.sweep();
  /**
   * A live host timer may fire for nothing, so disarming it can wait for the end of the turn: a
   * deadline around a call that returns at once then costs no host timer. A virtual clock would
   * jump to the instant of a timer that is no longer wanted.
   */
  private readonly exact: boolean;
  private timer: Timer | undefined;
  /** Nothing is due before that; with `exact`, something is due then. */
  private armedFor = Infinity;
  private arrivals = 0;
  private ringing = false;
  private sweepDue = false;

  constructor(backend: Backend) {
    this.backend = backend;
    this.exact = backend.capabilities.virtualTime;
    // A virtual clock asks for the next instant at every step.
    this.horizon = this.exact ? Infinity : -Infinity;
  }

  /** The earliest instant, Infinity if there is none. */
  get nextDue(): number {
    return (
      this.near.first?.due ?? this.far.reduce((least, { due }) => Math.min(least, due), Infinity)
    );
  }

  add(alarm: Alarm): void {
    if (alarm.due === Infinity) return;
    alarm.order = this.arrivals++;
    if (alarm.due <= this.horizon) this.near.add(alarm);
    else alarm.place = this.far.push(alarm) - 1;
    if (alarm.due < this.armedFor && !this.ringing) this.armFor(alarm.due, this.backend.now());
  }

  remove(alarm: Alarm): void {
    if (!alarm.isSet) return;
    this.take(alarm);
    if (this.ringing) return;
    if (this.exact) {
      if (this.nextDue !== this.armedFor) this.arm();
    } else if (this.isEmpty && !this.sweepDue) {
      this.sweepDue = true;
      nextTurn(this.onSweep);
    }
  }

  private get isEmpty(): boolean {
    return this.near.size === 0 && this.far.length === 0;
  }

  private take(alarm: Alarm): void {
    if (alarm.due > this.horizon) this.takeFar(alarm);
    else this.near.remove(alarm);
  }

  private takeFar(alarm: Alarm): void {
    const { place } = alarm;
    const last = this.far.pop() as Alarm;
    if (last !== alarm) {
      this.far[place] = last;
      last.place = place;
    }
    alarm.place = -1;
  }

  /** The first near alarm; where time has come to the horizon, it moves on. */
  private firstNear(now: number): Alarm | undefined {
    if (this.near.size === 0 && this.far.length > 0 && this.horizon <= now) this.lookAhead(now);
    return this.near.first;
  }

  /** Moves the horizon on, at least as far as to the first of the far alarms. */
  private lookAhead(now: number): void {
    let first = Infinity;
    let last = -Infinity;
    for (const { due } of this.far) {
      if (due < first) first = due;
      if (due > last) last = due;
    }
    this.horizon = Math.max(now, first + (last - first) * step);
    let left = 0;
    for (const alarm of this.far) {
      if (alarm.due <= this.horizon) this.near.add(alarm);
      else {
        alarm.place = left;
        this.far[left++] = alarm;
      }
    }
    this.far.length = left;
  }

  private sweep(): void {
    this.sweepDue = false;
    if (this.isEmpty) this.disarm();
  }

  private disarm(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.armedFor = Infinity;
  }

  private arm(): void {
    const now = this.backend.now();
    const first = this.firstNear(now);
    if (this.isEmpty) this.disarm();
    else this.armFor(first?.due ?? this.horizon, now);
  }

  private armFor(due: number, now: number): void {
    this.disarm();
    this.armedFor = due;
    const delay = Math.min(Math.max(0, due - now), longestTimer);
    // Outside every context: the timer must not keep alive the scope that happened to arm it.
    this.timer = outside(() => this.backend.setTimer(delay, this.onTimer));
  }

  /** Rings what is due, in order; alarms set meanwhile wait for the next timer. */
  private ring(): void {
    this.timer = undefined;
    this.armedFor = Infinity;
    this.ringing = true;
    const now = this.backend.now();
    const newcomers = this.arrivals;
    try {
      for (let head = this.firstNear(now); head !== undefined; head = this.firstNear(now)) {
        if (head.due > now || head.order >= newcomers) break;
        this.take(head);
        head.target.ring();
      }
    } finally {
      this.ringing = false;
      this.arm();
    }
  }
}
