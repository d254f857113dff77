import { ambient } from "../context.ts";
import { keepShapes } from "../kept-shapes.ts";
import { parkIn, passedIn, refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import { checkedName } from "../arguments.ts";
import { labelOf } from "./label.ts";

/**
 * Something that happens once, and that any number of tasks wait for. It cannot be cleared: use a
 * new one for what happens again, or a `Condition`. [L7]
 *
 * @example
 * const ready = new Event();
 * tg.startSoon(async () => { await open(); ready.set(); });
 * await ready.wait();
 */
export class Event {
  /** @internal */ readonly waiters: WaitQueue<void>;
  private happened = false;

  /** @param options `name`: for messages and tools */
  constructor(options?: { name?: string }) {
    const name = checkedName("Event", options);
    this.waiters = new WaitQueue(() => labelOf("Event", name));
    keepShapes(eventShapes);
  }

  /** Whether `set()` has been called. */
  get isSet(): boolean {
    return this.happened;
  }

  /** Wakes all who wait; later waits return at once. Idempotent; no checkpoint. [K3, L7] */
  set(): void {
    this.happened = true;
    this.waiters.resumeAll();
  }

  /** Waits until the event is set. A checkpoint, also when it is set already. [K1] */
  wait(): Promise<void> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    if (this.happened) return passedIn<void>(scope, undefined);
    const waiter = parkIn<void>(scope);
    this.waiters.push(waiter);
    return waiter.promise;
  }

  /** How many wait at this moment. */
  statistics(): { tasksWaiting: number } {
    return { tasksWaiting: this.waiters.size };
  }
}

function eventShapes(): unknown {
  return new Event();
}
