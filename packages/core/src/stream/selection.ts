import type { Waiter } from "../wait.ts";
import type { Queued, WaitList } from "../wait-queue.ts";
import type { AlarmTarget } from "../alarm-heap.ts";

/** What `select()` resolves with. */
export interface Chosen {
  readonly case: string;
  readonly value: unknown;
}

/**
 * One parked `select()`: a wait that stands in several queues at once, through a registration in
 * each. Whoever serves one of them settles the wait, and settling takes out all others in the same
 * call, so that no second case can be served. [M14]
 */
export class Selection implements WaitList<Chosen> {
  private readonly registrations: Registration[] = [];

  add(registration: Registration): void {
    this.registrations.push(registration);
  }

  /** The wait is settled: by a case, by cancellation, by the end of its scope. */
  remove(): void {
    for (const registration of this.registrations) registration.queue?.remove(registration);
  }

  describe(): string {
    const names = this.registrations.map(({ name }) => JSON.stringify(name));
    return `one of the cases ${names.join(", ")} of a select()`;
  }
}

/** One case of a parked `select()`, in the place of a waiter of its own. */
export class Registration implements Queued, AlarmTarget {
  readonly name: string;
  private readonly waiter: Waiter<Chosen>;
  queue: WaitList<unknown> | undefined = undefined;
  previous: Queued | undefined = undefined;
  next: Queued | undefined = undefined;
  item: unknown = undefined;
  owner: unknown = undefined;

  constructor(name: string, waiter: Waiter<Chosen>) {
    this.name = name;
    this.waiter = waiter;
  }

  resumeBehind(value?: unknown): boolean {
    return this.resume(value);
  }
  resume(value?: unknown): boolean {
    return this.waiter.resume({ case: this.name, value });
  }

  fail(error: unknown): boolean {
    return this.waiter.fail(error);
  }

  /** @internal */
  ring(): void {
    this.resume();
  }
}
