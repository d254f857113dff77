import { notMilliseconds } from "../arguments.ts";
import { ambient } from "../context.ts";
import { UsageError } from "../errors.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import type { ScopeNode } from "../scope/scope-node.ts";
import { shown } from "../shown.ts";
import { parkIn, refusedIn } from "../wait.ts";
import type { ClockDriver } from "./clock-driver.ts";

export interface VirtualClockOptions {
  /** The instant at which the clock begins, in milliseconds. Default 0. */
  start?: number;
  /** See `VirtualClock.autojump`. Default: true, unless a `rate` is given. */
  autojump?: boolean;
  /** See `VirtualClock.rate`. Default 0. */
  rate?: number;
}

/**
 * The clock of a backend in virtual time. It stands still while any task runs, or awaits a promise of
 * the outside such as a `fetch`: it never moves past work that it cannot see.
 */
export class VirtualClock {
  readonly #driver: ClockDriver;

  /** @internal */
  constructor(driver: ClockDriver) {
    this.#driver = driver;
  }

  /** The instant that it is, in milliseconds. `now()` inside a run says the same. */
  get now(): number {
    return this.#driver.time.now;
  }

  /**
   * Whether the clock moves on by itself, to the next deadline or sleep, when every task waits. A task
   * in `waitAllTasksBlocked()` comes first, and so does an `advance()` that is under way.
   */
  get autojump(): boolean {
    return this.#driver.autojump;
  }

  set autojump(autojump: boolean) {
    this.#driver.autojump = checkedAutojump(autojump, "clock.autojump");
  }

  /**
   * How many virtual milliseconds pass in a real one: 0 stands still, 1 is real time, 60 a minute in a
   * second. Changing it never makes the time leap. What is due while time runs by itself fires as on a
   * live clock, whoever is busy.
   */
  get rate(): number {
    return this.#driver.time.rate;
  }

  set rate(rate: number) {
    this.#driver.rate = checkedRate(rate, "clock.rate");
  }

  /**
   * Moves the clock on by `ms` milliseconds, from one instant at which something is due to the next,
   * and waits until all that is due by then has run and every task waits again. From code outside the
   * clock's runs as well. Inside a task it is a checkpoint; a cancelled call stops where it has come to.
   *
   * @throws RangeError for what is negative or not finite, TypeError for what is no number; UsageError
   * in a run on another backend that a task of this clock waits for: the clock stands still for it
   */
  advance(ms: number): Promise<void> {
    const scope = ambient.getStore();
    const wrong =
      notADuration(ms, "clock.advance()") ?? this.#heldBy(scope, `clock.advance(${ms})`);
    if (wrong !== undefined) return Promise.reject(wrong);
    const to = this.now + ms;
    if (scope === undefined) {
      return new Promise((resolve) => this.#driver.advance(to, resolve, true));
    }
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    const mine = this.#drives(scope);
    const waiter = parkIn<void>(scope, mine ? "parked" : "foreign");
    waiter.standIn({
      describe: () => `the instant ${to}`,
      remove: this.#driver.advance(to, () => waiter.resume(), !mine),
    });
    return waiter.promise;
  }

  /**
   * Sets the clock to `instant` at once, as if the machine had slept: everything due by then runs in
   * the next turn of the event loop, in order, and finds that it is `instant` already. Follow it with
   * `waitAllTasksBlocked()`, or use `advance()`, which stops at each instant.
   *
   * @throws RangeError for an instant in the past or not finite, TypeError for what is no number
   */
  jumpTo(instant: number): void {
    const wrong = notAnInstant(instant, "clock.jumpTo()");
    if (wrong !== undefined) throw wrong;
    const { now } = this;
    if (instant < now) {
      throw new RangeError(
        `clock.jumpTo(${instant}) would go back: it is ${now} already, and time only moves on`,
      );
    }
    this.#driver.jump(instant, !this.#drives(ambient.getStore()));
  }

  #drives(scope: ScopeNode | undefined): boolean {
    return this.#driver.drives(scope?.engine?.core);
  }

  #heldBy(scope: CancelScope | undefined, call: string): UsageError | undefined {
    if (this.#drives(scope)) return undefined;
    for (let around = scope?.parent; around !== undefined; around = around.parent) {
      if (!this.#drives(around)) continue;
      return new UsageError(
        `${call} was called in a run on backend "${scope?.engine?.backend.name}" that a task of this ` +
          "clock waits for, so the clock would never move: call it in a task of the outer run",
      );
    }
    return undefined;
  }
}

/** @throws RangeError or TypeError for what is no rate */
export function checkedRate(rate: unknown, caller: string): number {
  if (typeof rate === "number" && rate >= 0 && rate < Infinity) return rate;
  const message = `${caller} is virtual milliseconds per real one, 0 or more, got ${shown(rate)}`;
  throw typeof rate === "number" ? new RangeError(message) : new TypeError(message);
}

/** @throws TypeError for what is no boolean */
export function checkedAutojump(autojump: unknown, caller: string): boolean {
  if (typeof autojump === "boolean") return autojump;
  throw new TypeError(`${caller} is true or false, got ${shown(autojump)}`);
}

/** @returns the error to throw, or undefined */
export function notAnInstant(value: unknown, caller: string): Error | undefined {
  const wrong = notMilliseconds(value, caller);
  if (wrong !== undefined || Number.isFinite(value)) return wrong;
  return new RangeError(`${caller} takes a finite instant in milliseconds, got ${String(value)}`);
}

function notADuration(ms: unknown, caller: string): Error | undefined {
  const wrong = notMilliseconds(ms, caller);
  if (wrong !== undefined || ((ms as number) >= 0 && (ms as number) < Infinity)) return wrong;
  return new RangeError(
    `${caller} takes a finite number of milliseconds, 0 or more, got ${String(ms)}: time only moves on`,
  );
}
