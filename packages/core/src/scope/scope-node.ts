import type { AlarmTarget } from "../alarm-heap.ts";
import type { Engine } from "../engine.ts";
import { ScopeClosedError, TimeoutError } from "../errors.ts";
import { appendTo, takeFrom } from "../linked-list.ts";
import { told } from "../shown.ts";
import type { Task } from "../task/task.ts";
import type { Waiter } from "../wait.ts";
import { Cancelled } from "./cancelled.ts";
import { type CancelCause, type OwnCancellation, ScopeExtras } from "./scope-extras.ts";

/** What a scope stands around, and its name. Not a subclass for each kind, so that all scopes have one shape. */
export interface ScopeTitle {
  readonly kind: "scope" | "task" | "task group";
  /** Undefined for a task's scope as well: that is named after its task. */
  readonly name: string | undefined;
}

const unnamedScope: ScopeTitle = { kind: "scope", name: undefined };

/** A signal that is to abort. Another one's listener may have changed the scope's fate meanwhile. */
interface Aborting {
  readonly controller: AbortController;
  readonly reason: Cancelled;
}

/** Of a scope that has ended with an enclosing one: the name of that. Beside the scopes, for it is rare. */
const endedWith = new WeakMap<ScopeNode, string>();

/**
 * A scope's place in the tree of scopes, and what it knows because of it.
 *
 * Cancellation and deadlines are pushed down when they change, so that a checkpoint reads one field
 * whatever the nesting depth [C23]. Links are intrusive and every walk is a loop: a tree may be
 * 100,000 scopes wide or deep. The order of delivery is that of entering. A scope without a parent is a
 * list by itself.
 */
export class ScopeNode implements AlarmTarget {
  /** @internal */ parent: ScopeNode | undefined = undefined;
  /** @internal Defined while it is open. */ previous: ScopeNode | undefined = undefined;
  /** @internal */ next: ScopeNode | undefined = undefined;
  /** @internal */ firstChild: ScopeNode | undefined = undefined;
  /** @internal */ firstWait: Waiter | undefined = undefined;
  /** @internal Set on entering. */ engine: Engine | undefined = undefined;
  /** @internal The task whose code runs inside. */ task: Task | undefined = undefined;
  /**
   * @internal What a checkpoint inside throws: its own cancellation or a visible outer one [C2]. Until
   * there is one, the soonest deadline that applies [C10]; undefined if there is none.
   */
  fate: Cancelled | number | undefined = undefined;
  /** @internal */ title: ScopeTitle = unnamedScope;
  /** @internal */ extras: ScopeExtras | undefined = undefined;

  /** @internal Whether it has been entered. */
  get entered(): boolean {
    return this.engine !== undefined;
  }

  /** @internal */
  get isOpen(): boolean {
    return this.previous !== undefined;
  }

  /** @internal */
  get hasEnded(): boolean {
    return this.entered && !this.isOpen;
  }

  /** @internal The cancellation that a checkpoint inside throws. */
  get effective(): Cancelled | undefined {
    const { fate } = this;
    return typeof fate === "object" ? fate : undefined;
  }

  /** @internal */
  get shielded(): boolean {
    return this.extras?.shielded === true;
  }

  /** @internal */
  get cancellation(): OwnCancellation | undefined {
    return this.extras?.cancellation;
  }

  /** @internal */
  withExtras(): ScopeExtras {
    return (this.extras ??= new ScopeExtras(Infinity, this));
  }

  /** @internal */
  get name(): string | undefined {
    const { kind, name } = this.title;
    return kind === "task" ? this.task?.name : name;
  }

  /** @internal How messages name this scope. */
  describe(): string {
    const { name } = this;
    const { kind } = this.title;
    return name === undefined ? `an unnamed ${kind}` : `${kind} ${JSON.stringify(name)}`;
  }

  /** @internal Takes its place below `parent`; from here on cancellation and deadlines reach it. */
  enter(parent: ScopeNode | undefined, engine: Engine, task: Task | undefined, now?: number): void {
    this.engine = engine;
    this.task = task;
    if (parent !== undefined && !parent.isOpen) {
      endedWith.set(this, endedWith.get(parent) ?? parent.describe());
      return;
    }
    if (parent === undefined) this.previous = this;
    else this.linkUnder(parent);
    if (task !== undefined && task.run.instruments !== undefined)
      task.run.instruments.scopeEntered(this, task);
    if (this.extras !== undefined) this.arm(this.extras, now);
    this.update(undefined);
  }

  /** @internal Moves an entered scope below another parent. [T14] */
  moveUnder(parent: ScopeNode): void {
    if (!this.isOpen) return;
    this.unlink();
    this.linkUnder(parent);
    this.spread();
  }

  /** @internal Whether a scope around here is cancelled, visible or hidden by a shield by now. [C14] */
  get cancelledAround(): boolean {
    let node: ScopeNode | undefined = this;
    while (node !== undefined && node.effective === undefined) node = node.parent;
    return node !== undefined;
  }

  /** @internal */
  get own(): Cancelled | undefined {
    return this.cancellation?.cancelled;
  }

  /** @internal Its own deadline, if it has one that can come. */
  get due(): number | undefined {
    const due = this.extras?.due;
    return due === Infinity ? undefined : due;
  }

  /** @internal The cancellation of enclosing scopes that is visible in here. */
  get outer(): Cancelled | undefined {
    return this.shielded ? undefined : this.parent?.effective;
  }

  /** @internal */
  cancelWith(cause: CancelCause, reason: unknown, by?: Task): void {
    if (this.cancellation !== undefined || this.hasEnded) return;
    const why = reason === undefined ? "" : `: ${told(reason)}`;
    const cancelled = Cancelled.create(`${this.describe()} was cancelled${why}`, reason);
    this.withExtras().cancellation = { cancelled, cause, caught: false };
    this.disarm();
    this.task?.run.instruments?.scopeCancelled(this, this.task, cause, by);
    this.spread();
  }

  /** @internal The deadline's alarm rings. */
  ring(): void {
    this.cancelWith("deadline", new TimeoutError(`the deadline of ${this.describe()} passed`));
  }

  /**
   * @internal Cancels what the timer would have cancelled by now, had the event loop not been
   * blocked; earliest first. Reads the clock only where a finite deadline applies. [C8]
   */
  catchUp(): void {
    const { fate } = this;
    if (typeof fate !== "number" || this.now() < fate) return;
    const late: ScopeNode[] = [];
    for (let node: ScopeNode | undefined = this; node !== undefined;) {
      if (node.isLate()) late.push(node);
      node = node.shielded ? undefined : node.parent;
    }
    late.sort((a, b) => (a.due as number) - (b.due as number));
    // An abort listener of an earlier one may have moved a later one meanwhile.
    for (const node of late) node.catchUpOwn();
  }

  /** @internal The same for this scope alone. */
  catchUpOwn(): void {
    if (this.isLate()) this.ring();
  }

  /** @internal */ isLate(): boolean {
    const { extras } = this;
    return extras !== undefined && extras.isSet && extras.due <= this.now();
  }

  /** @internal */
  setDue(due: number): void {
    this.disarm();
    const extras = this.withExtras();
    extras.due = due;
    if (!this.isOpen) return;
    this.arm(extras);
    this.spread();
  }

  /** @internal */
  setShielded(shielded: boolean): void {
    if (this.shielded === shielded) return;
    this.withExtras().shielded = shielded;
    if (this.isOpen) this.spread();
  }

  /** @internal */
  addWait(waiter: Waiter): void {
    const first = this.firstWait;
    if (first === undefined) this.firstWait = waiter.previousInScope = waiter;
    else {
      const last = first.previousInScope as Waiter;
      waiter.previousInScope = last;
      last.nextInScope = first.previousInScope = waiter;
    }
  }

  /** @internal */
  removeWait(waiter: Waiter): void {
    const { previousInScope, nextInScope } = waiter;
    const first = this.firstWait as Waiter;
    if (first === waiter) this.firstWait = nextInScope;
    else (previousInScope as Waiter).nextInScope = nextInScope;
    (nextInScope ?? first).previousInScope = previousInScope;
    waiter.previousInScope = waiter.nextInScope = undefined;
  }

  /** @internal Leaves the tree, holding nothing and held by nothing [C21]; what is left below has outlived it [C22]. */
  end(): void {
    if (this.hasEnded) return;
    this.unlink();
    if (this.firstChild !== undefined) this.endDescendants();
    this.die();
  }

  /** @internal */
  closedError(): ScopeClosedError {
    return new ScopeClosedError(
      `a checkpoint ran in ${endedWith.get(this) ?? this.describe()}, which has ended: is an await missing? ` +
        "Start work that is meant to outlive its scope through detached(fn)",
    );
  }

  /** @internal */ endDescendants(): void {
    const name = this.describe();
    const doomed: ScopeNode[] = [this];
    for (let node = doomed.pop(); node !== undefined; node = doomed.pop()) {
      for (let child = node.firstChild; child !== undefined; child = child.next) doomed.push(child);
      if (node === this) continue;
      endedWith.set(node, name);
      node.die();
    }
  }

  /** @internal */ die(): void {
    const { task } = this;
    this.parent = this.previous = this.next = this.firstChild = undefined;
    this.disarm();
    if (task !== undefined && task.run.instruments !== undefined)
      task.run.instruments.scopeExited(this, task);
    while (this.firstWait !== undefined) this.firstWait.abandon(this.closedError());
    if (this.extras !== undefined) this.extras.controller = undefined;
  }

  /** @internal */ now(): number {
    return (this.engine as Engine).now();
  }

  /** @internal */ arm(extras: ScopeExtras, now?: number): void {
    if (extras.due === Infinity || extras.cancellation !== undefined) return;
    if (extras.due <= (now ?? this.now())) this.ring();
    else (this.engine as Engine).timers.add(extras);
  }

  /** @internal */ disarm(): void {
    if (this.extras !== undefined) this.engine?.timers.remove(this.extras);
  }

  /** @internal */ linkUnder(parent: ScopeNode): void {
    this.parent = parent;
    parent.firstChild = appendTo(parent.firstChild, this as ScopeNode);
  }

  /** @internal */ unlink(): void {
    const { parent } = this;
    if (parent === undefined) this.previous = undefined;
    else parent.firstChild = takeFrom(parent.firstChild as ScopeNode, this as ScopeNode);
    this.parent = undefined;
  }

  /**
   * Brings the subtree up to date, skipping what does not change. Abort listeners are user code, so
   * they run last, when the whole tree is consistent.
   */
  /** @internal */ spread(): void {
    const aborting: Aborting[] = [];
    let node: ScopeNode = this;
    for (;;) {
      const changed = node.update(aborting);
      if (changed && node.firstChild !== undefined) {
        node = node.firstChild;
        continue;
      }
      while (node !== this && node.next === undefined) node = node.parent as ScopeNode;
      if (node === this) break;
      node = node.next as ScopeNode;
    }
    for (const { controller, reason } of aborting) controller.abort(reason);
  }

  /** @returns whether anything changed that children inherit */
  /** @internal */ update(aborting: Aborting[] | undefined): boolean {
    const { inherited } = this;
    const fate =
      this.own ?? (typeof inherited === "object" ? inherited : earlier(this.due, inherited));
    const before = this.fate;
    if (fate === before) return false;
    this.fate = fate;
    if (typeof fate === "object" && typeof before !== "object") {
      this.interruptWaits(fate);
      const controller = this.extras?.controller;
      // On entering there is no subtree yet that would have to be consistent first.
      if (aborting === undefined) controller?.abort(fate);
      else if (controller !== undefined) aborting.push({ controller, reason: fate });
    }
    return true;
  }

  /** One step, however many there are; with many, it may last, and the clock is looked at before. [K4] */
  /** @internal */ interruptWaits(cancelled: Cancelled): void {
    const first = this.firstWait;
    if (first === undefined) return;
    const engine = this.engine as Engine;
    const over =
      first.nextInScope === undefined ? engine.resumptionOverBudget() : engine.longStepOverBudget();
    while (this.firstWait !== undefined) this.firstWait.interrupt(cancelled, over);
  }

  /** The fate that comes from around. A parent on another backend has another clock: its deadline is read off ours. */
  /** @internal */ get inherited(): Cancelled | number | undefined {
    const { parent, engine } = this;
    if (parent === undefined || this.shielded) return undefined;
    const { fate } = parent;
    if (typeof fate !== "number" || parent.engine === engine) return fate;
    return fate - parent.now() + this.now();
  }
}

function earlier(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined || a < b ? a : b;
}
