import { checkedName, notAFunction, notMilliseconds } from "../arguments.ts";
import { ambient, inside, promised } from "../context.ts";
import { UsageError } from "../errors.ts";
import { defaultEngine } from "../registry.ts";
import { isCancelled } from "./cancelled.ts";
import { ScopeNode } from "./scope-node.ts";
import { shown } from "../shown.ts";

export interface ScopeOptions {
  /** Instant, in ms on the backend's clock, at which the scope cancels itself. Default Infinity. */
  deadline?: number;
  /** Hide the cancellation of enclosing scopes. Default false. */
  shield?: boolean;
  /** For messages and tools. */
  name?: string;
}

/** Bodies that call each other directly may nest this deep before one is put on a fresh stack. */
const deepestStack = 256;
let stackDepth = 0;

/**
 * Calls `call(body, argument)` with `scope` as the ambient scope.
 * Recursion through thousands of scopes would overflow the stack, so every 256th body that is
 * entered without an await between starts as a microtask.
 *
 * @param call must not throw
 */
export function callInside<B, A, T>(
  scope: CancelScope,
  call: (body: B, argument: A) => Promise<T>,
  body: B,
  argument: A,
): Promise<T> {
  if (stackDepth === deepestStack) return callOnFreshStack(scope, call, body, argument);
  stackDepth++;
  try {
    return inside(scope, call, body, argument);
  } finally {
    stackDepth--;
  }
}

// Apart: a closure in a function costs its every call a context.
function callOnFreshStack<B, A, T>(
  scope: CancelScope,
  call: (body: B, argument: A) => Promise<T>,
  body: B,
  argument: A,
): Promise<T> {
  return Promise.resolve().then(() => callInside(scope, call, body, argument));
}

type Body<T> = (scope: CancelScope) => T | PromiseLike<T>;

/**
 * Inside `scope`: calls the body, and leaves the scope when it has ended. The reactions run where
 * they are made, in the scope, and so know it by its being the ambient one: closures that know it
 * would cost as much as the scope itself.
 */
function runBody<T>(body: Body<T>, scope: CancelScope): Promise<T | undefined> {
  return promised(body, scope).then(left<T>, leftWith) as Promise<T | undefined>;
}

function left<T>(value: T): T {
  (ambient.getStore() as CancelScope).end();
  return value;
}

function leftWith(error: unknown): unknown {
  return (ambient.getStore() as CancelScope).leaveWith(error);
}

/** A region of code that can be cancelled as one. [C1-C24] */
export class CancelScope extends ScopeNode {
  /** @throws RangeError for a deadline of NaN; TypeError for options of the wrong type */
  constructor(options?: ScopeOptions) {
    super();
    if (options === undefined) return;
    const { deadline = Infinity, shield = false } = options;
    const wrong = notMilliseconds(deadline, "CancelScope: deadline");
    if (wrong !== undefined) throw wrong;
    if (typeof shield !== "boolean")
      throw new TypeError(`CancelScope: shield is true or false, got ${shown(shield)}`);
    const name = checkedName("CancelScope", options);
    if (name !== undefined) this.title = { kind: "scope", name };
    if (shield) this.withExtras().shielded = true;
    if (deadline !== Infinity) this.withExtras().due = deadline;
  }

  /**
   * Runs `body` inside the scope; once per scope. Resolves with the body's value, or with `undefined`
   * if the scope absorbed its own cancellation [C4]. No checkpoint by itself.
   *
   * @throws what `body` throws; UsageError on a second call [C19]; TypeError if `body` is no function
   */
  run<T>(body: (scope: this) => T | PromiseLike<T>): Promise<T | undefined> {
    const wrong = notAFunction(body, "CancelScope.run()");
    if (wrong !== undefined) return Promise.reject(wrong);
    if (this.entered) {
      return Promise.reject(
        new UsageError(`${this.describe()} has been run before: a scope runs once, make a new one`),
      );
    }
    try {
      return this.begin(body as Body<T>);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** @internal `run` of a new scope, for a body that is known to be a function; throws if there is no backend. */
  begin<T>(body: Body<T>): Promise<T | undefined> {
    this.enterUnder(ambient.getStore());
    try {
      return callInside(this, runBody<T>, body, this as CancelScope);
    } catch (error) {
      // A host that can carry no scope; what the body throws is dealt with in there.
      this.end();
      throw error;
    }
  }

  /** Cancels what runs inside, from anywhere. Idempotent: the first reason stands. Never throws. [C3, C16] */
  cancel(reason?: unknown): void {
    this.cancelWith("call", reason, ambient.getStore()?.task);
  }

  /** Instant, in ms on the backend's clock, at which the scope cancels itself; may be moved both ways. [C8] */
  get deadline(): number {
    return this.extras?.due ?? Infinity;
  }
  set deadline(instant: number) {
    const wrong = notMilliseconds(instant, "CancelScope.deadline");
    if (wrong !== undefined) throw wrong;
    if (this.extras !== undefined) this.extras.after = undefined;
    this.setDue(instant);
  }

  /** Whether the cancellation of enclosing scopes is hidden. Its own is not. [C11] */
  get shield(): boolean {
    return this.shielded;
  }
  set shield(on: boolean) {
    if (typeof on !== "boolean")
      throw new TypeError(`CancelScope.shield is true or false, got ${shown(on)}`);
    this.setShielded(on);
  }

  /** Whether this scope itself was cancelled, by a call or by its deadline. */
  get cancelCalled(): boolean {
    this.catchUpOwn();
    return this.cancellation !== undefined;
  }

  /** Whether the scope has absorbed its cancellation at its edge. [C4] */
  get cancelledCaught(): boolean {
    return this.cancellation?.caught === true;
  }

  /** What was given to `cancel()`; a `TimeoutError` if the deadline passed. */
  get cancelReason(): unknown {
    this.catchUpOwn();
    return this.own?.reason;
  }

  /** True if a checkpoint inside would throw now: cancelled itself, or from outside with no shield between. [C2] */
  get cancelled(): boolean {
    this.catchUp();
    return this.effective !== undefined;
  }

  /** Aborts, with the `Cancelled` instance as its reason, when the scope is effectively cancelled. Created on first use. [C18] */
  get signal(): AbortSignal {
    const controller = (this.withExtras().controller ??= new AbortController());
    if (this.effective !== undefined && !controller.signal.aborted)
      controller.abort(this.effective);
    return controller.signal;
  }

  /** @internal Takes its place in the tree where the caller stands, in `parent`. */
  enterUnder(parent: CancelScope | undefined): void {
    const engine = parent?.engine ?? defaultEngine();
    const { extras } = this;
    if (extras?.after === undefined) {
      this.enter(parent, engine, parent?.task);
      return;
    }
    const now = engine.now();
    extras.due = now + extras.after;
    this.enter(parent, engine, parent?.task, now);
  }

  /** @internal Ends the scope with an error that reached its edge: returns if it absorbs, else throws. [C4, C6] */
  leaveWith(error: unknown): unknown {
    const { cancellation } = this;
    const absorbs = cancellation !== undefined && this.outer === undefined && isCancelled(error);
    if (absorbs) cancellation.caught = true;
    this.end();
    if (!absorbs) throw error;
    return this.extras?.whenAbsorbed?.(this);
  }
}

/**
 * Runs `body` in a new `CancelScope`. Resolves with the body's value, or `undefined` if the scope
 * absorbed its own cancellation. [C1-C7]
 *
 * @throws what `body` throws
 */
export function cancelScope<T>(
  body: (scope: CancelScope) => T | PromiseLike<T>,
  options?: ScopeOptions,
): Promise<T | undefined> {
  const wrong = notAFunction(body, "cancelScope()");
  if (wrong !== undefined) return Promise.reject(wrong);
  try {
    return new CancelScope(options).begin(body);
  } catch (error) {
    return Promise.reject(error);
  }
}
