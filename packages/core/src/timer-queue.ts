import type { Backend } from "./backend.ts";
import { longestTimer, type Timer } from "./event-loop.ts";
import { nextTurn } from "./host.ts";
import { outside } from "./context.ts";

/** Something that wants to be told when an instant has come. */
export interface AlarmTarget {
  /** @internal */
  ring(): void;
}

/** One instant in a `TimerQueue`. */
export class Alarm {
  /** Not to be changed while it is set. */
  due: number;
  readonly target: AlarmTarget;
  /** Arrival number: alarms of one instant ring in the order they were set. */
  order = 0;
  /** Place in the heap; -1 when it is in none. */
  place = -1;

  constructor(due: number, target: AlarmTarget) {
    this.due = due;
    this.target = target;
  }

  get isSet(): boolean {
    return this.place !== -1;
  }
}

/**
 * So many stand below each place of the heap: with four, fewer have to move than with two, and each that
 * moves, and is told its place, may have left the cache.
 */
const width = 4;

function above(place: number): number {
  return ((place - 1) / width) | 0;
}

/**
 * Every deadline and sleep of one backend, in a heap over one armed host timer.
 * One `setTimeout` per deadline would fire 8 to 29 % of them out of order and cost five times
 * as much. An alarm knows its place, so removing it is O(log n) and leaves nothing behind.
 */
export class TimerQueue {
  private readonly backend: Backend;
  private readonly heap: Alarm[] = [];
  /** The instants of those in the heap, side by side: each alarm may have left the cache, and its own instant is boxed. */
  private readonly dues: number[] = [];
  private readonly onTimer = (): void => this.ring();
  private readonly onSweep = (): void => this.sweep();
  /**
   * A live host timer may fire for nothing, so disarming it can wait for the end of the turn: a
   * deadline around a call that returns at once then costs no host timer. A virtual clock would
   * jump to the instant of a timer that is no longer wanted.
   */
  private readonly exact: boolean;
  private timer: Timer | undefined;
  private armedFor = Infinity;
  private arrivals = 0;
  private ringing = false;
  private sweepDue = false;

  constructor(backend: Backend) {
    this.backend = backend;
    this.exact = backend.capabilities.virtualTime;
  }

  /** The earliest instant, Infinity if there is none. */
  get nextDue(): number {
    return this.dues[0] ?? Infinity;
  }

  add(alarm: Alarm): void {
    if (alarm.due === Infinity) return;
    alarm.order = this.arrivals++;
    this.rise(alarm, this.heap.length);
    if (alarm.due < this.armedFor && !this.ringing) this.arm();
  }

  remove(alarm: Alarm): void {
    const { place } = alarm;
    if (place === -1) return;
    alarm.place = -1;
    const last = this.heap.pop() as Alarm;
    this.dues.pop();
    if (last !== alarm) this.settle(last, place);
    if (this.ringing) return;
    if (this.exact) {
      if (this.nextDue !== this.armedFor) this.arm();
    } else if (this.heap.length === 0 && !this.sweepDue) {
      this.sweepDue = true;
      nextTurn(this.onSweep);
    }
  }

  private sweep(): void {
    this.sweepDue = false;
    if (this.heap.length === 0) this.disarm();
  }

  private disarm(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.armedFor = Infinity;
  }

  private arm(): void {
    this.disarm();
    const due = this.nextDue;
    if (due === Infinity) return;
    this.armedFor = due;
    const delay = Math.min(Math.max(0, due - this.backend.now()), longestTimer);
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
      for (let head = this.heap[0]; head !== undefined; head = this.heap[0]) {
        if (head.due > now || head.order >= newcomers) break;
        this.remove(head);
        head.target.ring();
      }
    } finally {
      this.ringing = false;
      this.arm();
    }
  }

  private settle(alarm: Alarm, place: number): void {
    if (place > 0 && this.isBefore(alarm, alarm.due, above(place))) this.rise(alarm, place);
    else this.sink(alarm, place);
  }

  /** Whether `alarm`, which is due at `due`, rings before the one at `place`. */
  private isBefore(alarm: Alarm, due: number, place: number): boolean {
    const other = this.dues[place] as number;
    return due < other || (due === other && alarm.order < (this.heap[place] as Alarm).order);
  }

  private put(alarm: Alarm, place: number, due: number): void {
    this.heap[place] = alarm;
    this.dues[place] = due;
    alarm.place = place;
  }

  private rise(alarm: Alarm, from: number): void {
    const { heap, dues } = this;
    const { due } = alarm;
    let place = from;
    while (place > 0) {
      const parent = above(place);
      if (!this.isBefore(alarm, due, parent)) break;
      this.put(heap[parent] as Alarm, place, dues[parent] as number);
      place = parent;
    }
    this.put(alarm, place, due);
  }

  private sink(alarm: Alarm, from: number): void {
    const { heap, dues } = this;
    const { due } = alarm;
    let place = from;
    for (;;) {
      const leftmost = width * place + 1;
      if (leftmost >= heap.length) break;
      let below = leftmost;
      const end = Math.min(leftmost + width, heap.length);
      for (let other = leftmost + 1; other < end; other++) {
        if (this.isBefore(heap[other] as Alarm, dues[other] as number, below)) below = other;
      }
      if (this.isBefore(alarm, due, below)) break;
      this.put(heap[below] as Alarm, place, dues[below] as number);
      place = below;
    }
    this.put(alarm, place, due);
  }
}
