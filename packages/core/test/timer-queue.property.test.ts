import fc from "fast-check";
import { expect, test } from "vitest";
import { Alarm } from "../src/alarm-heap.ts";
import type { Backend } from "../src/backend.ts";
import { TimerQueue } from "../src/timer-queue.ts";

/** Fixed, so that a failure is one for everybody. */
const parameters = { seed: 20_261_121, numRuns: 300 };

/** A clock that is moved by hand, with the one timer that the queue has set on it. */
class HandClock {
  time = 0;
  armed: { readonly due: number; readonly callback: () => void } | undefined;
  readonly backend: Backend;

  constructor(virtualTime: boolean) {
    this.backend = {
      capabilities: { virtualTime, deterministic: false, hostCancel: false },
      now: () => this.time,
      setTimer: (delayMs: number, callback: () => void) => {
        const timer = { due: this.time + delayMs, callback };
        this.armed = timer;
        return {
          cancel: () => {
            if (this.armed === timer) this.armed = undefined;
          },
        };
      },
    } as unknown as Backend;
  }

  /** Moves on to `instant`, past it by `lag` where a timer fires on the way. */
  moveTo(instant: number, lag: number): void {
    while (this.armed !== undefined && this.armed.due <= instant) {
      this.time = Math.max(this.time, this.armed.due + lag);
      const { callback } = this.armed;
      this.armed = undefined;
      callback();
    }
    this.time = Math.max(this.time, instant);
  }
}

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ add: fc.oneof(fc.nat(20), fc.nat(5_000)) }) },
  { weight: 3, arbitrary: fc.record({ remove: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({ wait: fc.oneof(fc.nat(10), fc.nat(2_000)), lag: fc.nat(3) }),
  },
);

test.each([
  ["a clock of its own", false],
  ["a virtual clock", true],
])(
  "on %s alarms ring once each, in the order in which they are due, not too early, and not once removed",
  (_, virtualTime) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const clock = new HandClock(virtualTime);
        const timers = new TimerQueue(clock.backend);
        let expected: Alarm[] = [];
        const rung: Alarm[] = [];
        for (const { add, remove, wait, lag } of steps as Partial<Record<string, number>>[]) {
          if (add !== undefined) {
            const target = {
              ring(): void {
                expect(clock.time).toBeGreaterThanOrEqual(alarm.due);
                rung.push(alarm);
              },
            };
            const alarm = new Alarm(clock.time + add, target);
            timers.add(alarm);
            expected.push(alarm);
          } else if (remove !== undefined && expected.length > 0) {
            const [alarm] = expected.splice(remove % expected.length, 1) as [Alarm];
            timers.remove(alarm);
            expect(alarm.isSet).toBe(false);
          } else if (wait !== undefined) {
            clock.moveTo(clock.time + wait, lag ?? 0);
            const due = expected
              .filter((alarm) => alarm.due <= clock.time)
              .sort((one, other) => one.due - other.due || one.order - other.order);
            // With a lag the clock may stand past an alarm whose timer is yet to fire.
            clock.moveTo(clock.time, 0);
            expect(rung).toEqual(due);
            expected = expected.filter((alarm) => !due.includes(alarm));
            rung.length = 0;
          }
          const earliest = Math.min(Infinity, ...expected.map((alarm) => alarm.due));
          expect(timers.nextDue).toBe(earliest);
          if (virtualTime) expect(clock.armed?.due ?? Infinity).toBe(earliest);
        }
      }),
      parameters,
    );
  },
);

test("an alarm that is set while others ring waits for the next timer", () => {
  const clock = new HandClock(false);
  const timers = new TimerQueue(clock.backend);
  const rung: string[] = [];
  const alarm = (name: string, due: number, then = (): void => {}): Alarm =>
    new Alarm(due, {
      ring() {
        rung.push(`${name} at ${clock.time}`);
        then();
      },
    });
  timers.add(alarm("first", 5, () => timers.add(alarm("newcomer", 5))));
  timers.add(alarm("last", 1_000));
  clock.time = 5;
  clock.armed?.callback();
  expect(rung).toEqual(["first at 5"]);
  clock.moveTo(1_000, 0);
  expect(rung).toEqual(["first at 5", "newcomer at 5", "last at 1000"]);
});

test("an alarm that is due at the horizon can be removed like any other", () => {
  const clock = new HandClock(false);
  const timers = new TimerQueue(clock.backend);
  const rung: number[] = [];
  const alarm = (due: number): Alarm => new Alarm(due, { ring: () => void rung.push(due) });
  timers.add(alarm(4));
  timers.add(alarm(8));
  // The horizon is then a quarter of the way from the first to the last.
  clock.moveTo(4, 0);
  const atHorizon = alarm(5);
  timers.add(atHorizon);
  timers.remove(atHorizon);
  expect(timers.nextDue).toBe(8);
  clock.moveTo(8, 0);
  expect(rung).toEqual([4, 8]);
});

test("a sleep among many deadlines that are far off looks at few of them", () => {
  const clock = new HandClock(false);
  const timers = new TimerQueue(clock.backend);
  const count = 1_000;
  let looks = 0;
  for (let index = 0; index < count; index++) {
    const alarm = new Alarm(0, { ring() {} });
    const due = 100_000 + index;
    Object.defineProperty(alarm, "due", { get: () => (looks++, due) });
    timers.add(alarm);
  }
  let rung = 0;
  for (; rung < count; rung++) {
    timers.add(new Alarm(clock.time + 1, { ring() {} }));
    clock.moveTo(clock.time + 1, 0);
  }
  expect(looks).toBeLessThan(10 * count);
});
