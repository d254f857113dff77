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
  /** Where it stands; -1 when it is not set. */
  place = -1;

  constructor(due: number, target: AlarmTarget) {
    this.due = due;
    this.target = target;
  }

  get isSet(): boolean {
    return this.place !== -1;
  }
}

function isBefore(one: Alarm, other: Alarm): boolean {
  return one.due < other.due || (one.due === other.due && one.order < other.order);
}

/** Alarms, the earliest first. One knows its place, so removing it is O(log n) and leaves nothing behind. */
export class AlarmHeap {
  private readonly alarms: Alarm[] = [];

  get size(): number {
    return this.alarms.length;
  }

  get first(): Alarm | undefined {
    return this.alarms[0];
  }

  add(alarm: Alarm): void {
    this.rise(alarm, this.alarms.length);
  }

  remove(alarm: Alarm): void {
    const last = this.alarms.pop() as Alarm;
    if (last !== alarm) this.sink(last, alarm.place);
    alarm.place = -1;
  }

  private put(alarm: Alarm, place: number): void {
    this.alarms[place] = alarm;
    alarm.place = place;
  }

  private rise(alarm: Alarm, from: number): void {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.alarms[parent] as Alarm;
      if (!isBefore(alarm, above)) break;
      this.put(above, place);
      place = parent;
    }
    this.put(alarm, place);
  }

  /** To the bottom and, from there, up to where it belongs: what is taken from the end rarely belongs above it. */
  private sink(alarm: Alarm, from: number): void {
    const { alarms } = this;
    let place = from;
    for (let below = 2 * place + 1; below < alarms.length; below = 2 * place + 1) {
      const right = alarms[below + 1];
      if (right !== undefined && isBefore(right, alarms[below] as Alarm)) below++;
      this.put(alarms[below] as Alarm, place);
      place = below;
    }
    this.rise(alarm, place);
  }
}
