import type { AlarmTarget } from "./alarm-heap.ts";
import type { Waited, WakeReason } from "./backend.ts";
import { outside } from "./context.ts";
import type { Engine } from "./engine.ts";
import { defaultEngine } from "./registry.ts";
import type { CancelScope } from "./scope/cancel-scope.ts";
import type { Cancelled } from "./scope/cancelled.ts";
import type { ScopeNode } from "./scope/scope-node.ts";
import type { Task } from "./task/task.ts";
import { WaitAlarm } from "./timer-queue.ts";
import { type Queued, settledWaits, type WaitList } from "./wait-queue.ts";

/*
 * The one way to suspend. Every checkpoint of the library takes the same three steps:
 *
 *   const scope = ambient.getStore();
 *   const refusal = refusedIn(scope);            // K1: cancelled or closed
 *   if (refusal !== undefined) return refusal;
 *   if (canProceed) return passedIn(scope, take());   // took effect without waiting: K4 charges it
 *   const waiter = parkIn<T>(scope);             // waits: linked into the scope,
 *   queue.push(waiter);                          // and into the primitive's queue
 *   return waiter.promise;
 *
 * To park may be the end of it already: a backend that hears of it may cancel what is around. No queue
 * takes such a wait.
 *
 * Whoever comes first, `resume` or `interrupt`, unlinks both in O(1) and settles the promise once;
 * the other finds it settled. So K2, C1, L1 and M2 are decided here and nowhere else.
 */

/**
 * What a wait means for how busy its task is. `parked`: the task waits for another one or for time.
 * `foreign`: it awaits what only the outside can bring, so it counts as runnable and holds a virtual
 * clock. `unseen`: it follows code that has waits of its own, which count.
 */
export type WaitKind = "parked" | "foreign" | "unseen";

/** One parked call. All waits are of this one shape: with a derived class for those of streams, handing an item over took a sixth longer. */
export class Waiter<T = unknown> implements AlarmTarget, Queued<T> {
  readonly promise: Promise<T>;
  // An executor of its own, not a shared one, is what V8 can inline: a third faster.
  private resolve!: (value: T) => void;
  private reject!: (error: unknown) => void;
  /** Where the call is parked. Its engine stays, but it may be handed to another task meanwhile. */
  private readonly scope: ScopeNode;
  /** Whose call is parked; undefined outside every task. */
  readonly task: Task | undefined;
  private readonly kind: WaitKind;
  /** Defined as long as the scope can take the wait away: of the first it is the last. */
  previousInScope: Waiter | undefined = undefined;
  nextInScope: Waiter | undefined = undefined;
  /** What it stands in, if anything; for good `settledWaits` once it is settled. */
  queue: WaitList<T> | undefined = undefined;
  previous: Queued<T> | undefined = undefined;
  next: Queued<T> | undefined = undefined;
  item: unknown = undefined;
  owner: unknown = undefined;

  /** @param around undefined for a call outside every scope, which nothing cancels */
  constructor(around: ScopeNode | undefined, kind: WaitKind, cancellable: boolean) {
    this.promise = new Promise<T>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const scope = around ?? defaultEngine().outsideScopes;
    this.scope = scope;
    this.kind = kind;
    if (cancellable && around !== undefined) scope.addWait(this as Waiter);
    const { task } = scope;
    this.task = task;
    if (task !== undefined) {
      if (task.run.instruments !== undefined) task.run.instruments.taskWaiting(this as Waiter);
      task.parked(kind);
    }
  }

  /** Resumed, interrupted or abandoned: what it is told later has no effect. [K2] */
  get settled(): boolean {
    return this.queue === settledWaits;
  }

  private get engine(): Engine {
    return this.scope.engine as Engine;
  }

  /** Instead of a queue: `list` hears that it is settled; at once where that was while it parked. */
  standIn(list: WaitList<T>): void {
    if (this.settled) list.remove(this);
    else this.queue = list;
  }

  /** Instead of a queue: resumes, with undefined, when the instant `due` has come. */
  resumeAt(due: number): void {
    WaitAlarm.set(due, this as Waiter, this.engine.timers);
  }

  /** The wait ends with `value`. False if it had ended before. */
  resume(value: T): boolean {
    if (this.settled) return false;
    this.deliver("value", value, false, this.settle());
    return true;
  }

  /**
   * As `resume`, but the caller's own next step comes first. A sender that is ahead of its receiver
   * by one item keeps ahead: the buffer is used, and neither has to park for each item.
   */
  resumeBehind(value: T): boolean {
    if (this.settled) return false;
    const waited = this.settle();
    const run = this.task?.run;
    run?.deferred();
    void passedWithNothing.then(() => {
      run?.delivered();
      this.deliver("value", value, false, waited);
    });
    return true;
  }

  /** The wait ends with an error. False if it had ended before. */
  fail(error: unknown): boolean {
    if (this.settled) return false;
    this.deliver("value", error, true, this.settle());
    return true;
  }

  /** @internal */
  ring(): void {
    if (this.settled) return;
    this.settle();
    // That it has waited for an instant says "timer" already.
    this.deliver("timer", undefined, false, undefined);
  }

  /** A scope around the wait has been cancelled, by a step that was `over` the budget or not. */
  interrupt(cancelled: Cancelled, over: boolean): void {
    this.deliver("cancel", cancelled, true, this.takeAway(), over);
  }

  /** The scope around the wait has ended: nobody may resume this call any more. [C22] */
  abandon(error: unknown): void {
    this.takeAway();
    this.finish("cancel", error, true);
  }

  /** What it waits for, for people: "Lock `db` held by …". Undefined for a wait that only the host or a cancellation ends. [D1, D4] */
  what(): string | undefined {
    return this.queue?.describe() ?? (this.kind === "foreign" ? "a promise" : undefined);
  }

  /** The same caller goes on to wait for something else, which no cancellation takes away. */
  again<U>(): Waiter<U> {
    return new Waiter<U>(this.scope, this.kind, false);
  }

  private takeAway(): Waited | undefined {
    const queue = this.settle();
    if (queue !== undefined && queue.interrupted !== undefined) queue.interrupted(this as Waiter);
    return queue;
  }

  /** Leaves every list, so that nothing keeps a settled wait alive. Returns the queue it stood in. */
  private settle(): WaitList<T> | undefined {
    // One that ends in the turn in which it began is told of now, while it knows what it was for; but
    // only when it is out of everything: instruments are user code.
    const tell = this.task?.run.instruments?.unsaidWaits();
    if (this.previousInScope !== undefined) this.scope.removeWait(this as Waiter);
    const { queue } = this;
    if (queue !== undefined) queue.remove(this);
    this.queue = settledWaits;
    tell?.();
    return queue;
  }

  /** Calls `settle`, which is to settle this wait, in a later turn of the event loop. */
  inLaterTurn(settle: () => void): void {
    this.engine.backend.reschedule(this.deferred(settle), this.task?.host);
  }

  /** What is decided and has yet to happen: until it has, the run is not idle. */
  private deferred(callback: () => void): () => void {
    const run = this.task?.run;
    run?.deferred();
    return () => {
      run?.delivered();
      callback();
    };
  }

  /** The wait is decided; the promise settles now unless the loop, or the backend, asks for another time. */
  private deliver(
    why: WakeReason,
    result: unknown,
    failed: boolean,
    waited: Waited | undefined,
    over: boolean = this.engine.resumptionOverBudget(),
  ): void {
    const { engine } = this;
    if (over || engine.puttingOff) {
      engine.untilNextTurn(new PutOff(this as Waiter, why, result, failed, waited));
    } else if (engine.backend.wake === undefined) this.finish(why, result, failed);
    else this.wake(why, result, failed, waited);
  }

  // Apart: a closure in a function costs its every call a context.
  /** @internal */
  wake(why: WakeReason, result: unknown, failed: boolean, waited: Waited | undefined): void {
    const { backend } = this.engine;
    if (backend.wake === undefined) {
      this.finish(why, result, failed);
      return;
    }
    const resume = this.deferred(() => this.finish(why, result, failed));
    backend.wake(this.task?.host, resume, why, waited);
  }

  private finish(why: WakeReason, result: unknown, failed: boolean): void {
    const { task } = this;
    if (task !== undefined) {
      task.resumed(this.kind);
      if (task.run.instruments !== undefined) task.run.instruments.taskResumed(task, why);
    }
    if (failed) this.reject(result);
    else this.resolve(result as T);
  }
}

/** A wait that is decided and ends in a later turn: until it does, the run is not idle. */
export class PutOff {
  private readonly waiter: Waiter;
  private readonly why: WakeReason;
  private readonly result: unknown;
  private readonly failed: boolean;
  private readonly waited: Waited | undefined;

  constructor(
    waiter: Waiter,
    why: WakeReason,
    result: unknown,
    failed: boolean,
    waited: Waited | undefined,
  ) {
    this.waiter = waiter;
    this.why = why;
    this.result = result;
    this.failed = failed;
    this.waited = waited;
    waiter.task?.run.deferred();
  }

  end(): void {
    const { waiter } = this;
    waiter.task?.run.delivered();
    waiter.wake(this.why, this.result, this.failed, this.waited);
  }
}

function engineIn(scope: CancelScope | undefined): Engine {
  return scope?.engine ?? defaultEngine();
}

/** What a checkpoint in `scope` must be refused with, if anything; it is charged to the budget. [K1, C1, C13, C22] */
export function refusedIn(scope: CancelScope | undefined): Promise<never> | undefined {
  if (scope === undefined) return undefined;
  const { task } = scope;
  if (task !== undefined) {
    task.checkpoints++;
    if (task.run.engine.onCheckpoint !== undefined) task.run.engine.onCheckpoint(task.host);
  }
  if (!scope.isOpen) return failedIn(scope, scope.closedError());
  if (scope.effective === undefined) return undefined;
  return failedIn(scope, scope.effective);
}

/** A checkpoint that fails without waiting: a loop that swallows its error for ever must let timers and I/O through as well. [C13, K4] */
export function failedIn(scope: CancelScope | undefined, error: unknown): Promise<never> {
  return engineIn(scope).overBudget() ? failedLaterIn(scope, error) : Promise.reject(error);
}

function failedLaterIn(scope: CancelScope | undefined, error: unknown): Promise<never> {
  const waiter = parkUncancellable<never>(scope);
  waiter.inLaterTurn(() => waiter.fail(error));
  return waiter.promise;
}

const passedWithNothing: Promise<unknown> = Promise.resolve();

/** A checkpoint that took effect without waiting: `value`, after a turn of the event loop if one is due. [K2, K4] */
export function passedIn<T>(scope: CancelScope | undefined, value: T): Promise<T> {
  if (engineIn(scope).overBudget()) return laterIn(scope, value);
  return value === undefined ? (passedWithNothing as Promise<T>) : Promise.resolve(value);
}

/** A checkpoint between two steps of a loop: undefined if there is nothing to await. [K1, K4] */
export function pauseIn(scope: CancelScope | undefined): Promise<void> | undefined {
  return refusedIn(scope) ?? turnIn(scope);
}

/** Charges a step that does not wait: undefined, or the turn of the event loop that is due. [K4] */
export function turnIn(scope: CancelScope | undefined): Promise<void> | undefined {
  return engineIn(scope).overBudget() ? laterIn<void>(scope, undefined) : undefined;
}

function laterIn<T>(scope: CancelScope | undefined, value: T): Promise<T> {
  const waiter = parkUncancellable<T>(scope);
  waiter.inLaterTurn(() => waiter.resume(value));
  return waiter.promise;
}

/** Parks the caller until it is resumed or its scope is cancelled. */
export function parkIn<T>(scope: CancelScope | undefined, kind: WaitKind = "parked"): Waiter<T> {
  return new Waiter<T>(scope, kind, true);
}

/** Parks the caller until it is resumed, cancelled or not: for what must be waited for, such as tasks that unwind. */
export function parkUncancellable<T>(
  scope: CancelScope | undefined,
  kind: WaitKind = "parked",
): Waiter<T> {
  return new Waiter<T>(scope, kind, false);
}

/** Follows a promise until it settles or the scope is cancelled, which abandons it. A checkpoint. */
export function followIn<T>(
  scope: CancelScope | undefined,
  promise: Promise<T>,
  kind: WaitKind,
): Promise<T> {
  const refusal = refusedIn(scope);
  if (refusal !== undefined) {
    promise.catch(() => {});
    return refusal;
  }
  const waiter = parkIn<T>(scope, kind);
  // A promise that never settles must keep nothing alive that has been cancelled long since: neither
  // the wait, through these closures, nor its scope, through the async context they are made in.
  let following: Waiter<T> | undefined = waiter;
  waiter.standIn({
    describe: () => undefined,
    remove() {
      following = undefined;
    },
  });
  outside(() => {
    promise.then(
      (value) => following?.resume(value),
      (error: unknown) => following?.fail(error),
    );
  });
  return waiter.promise;
}
