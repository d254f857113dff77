import type { Outcome, WakeReason } from "../backend.ts";
import { hostProcess } from "../host.ts";
import type { CancelCause } from "../scope/scope-extras.ts";
import type { ScopeNode } from "../scope/scope-node.ts";
import { told } from "../shown.ts";
import { infoOf } from "../task/task-info.ts";
import type { Task } from "../task/task.ts";
import type { Waiter } from "../wait.ts";
import type { Instrument, RunInfo, ScopeInfo } from "./instrument.ts";

type Hook = keyof Instrument;
type Call = (...args: readonly unknown[]) => void;

interface Hooked {
  readonly instrument: Instrument;
  readonly call: Call;
}

/** The instruments of one run, which has none of these where it has no instruments. [D4] */
export class Instruments {
  readonly #hooked = new Map<string, Hooked[]>();
  readonly #run: RunInfo;
  readonly #scopeIds = new WeakMap<ScopeNode, number>();
  #lastScopeId = 0;
  /** Waits that nobody has been told of: what one waits for is known once the call that began it has returned. */
  #unsaid: Waiter[] = [];

  constructor(instruments: readonly Instrument[], run: RunInfo) {
    this.#run = Object.freeze(run);
    for (const instrument of instruments) {
      for (const hook of hooks) {
        const call = instrument[hook] as Call | undefined;
        if (call !== undefined) this.#add(hook, { instrument, call: call.bind(instrument) });
      }
    }
  }

  runStarted(): void {
    if (this.#wants("runStarted")) this.#call("runStarted", this.#run);
  }

  runEnded(how: Outcome["tag"]): void {
    if (this.#wants("runEnded")) this.#call("runEnded", this.#run, how);
  }

  taskSpawned(task: Task): void {
    if (this.#wants("taskSpawned")) this.#call("taskSpawned", infoOf(task));
  }

  taskStarted(task: Task): void {
    if (this.#wants("taskStarted")) this.#call("taskStarted", infoOf(task));
  }

  taskWaiting(waiter: Waiter): void {
    // No hook is called in here: the call that parks has seen that it must wait, and stands in no queue yet.
    if (!this.#hooked.has("taskWaiting")) return;
    this.#unsaid.push(waiter);
    void soon.then(() => this.unsaidWaits()?.());
  }

  taskResumed(task: Task, why: WakeReason): void {
    if (this.#wants("taskResumed")) this.#call("taskResumed", infoOf(task), why);
  }

  taskEnded(task: Task, how: Outcome["tag"]): void {
    if (this.#wants("taskEnded")) this.#call("taskEnded", infoOf(task), how);
  }

  scopeEntered(scope: ScopeNode, task: Task): void {
    if (this.#wants("scopeEntered")) this.#call("scopeEntered", this.#infoOf(scope, task));
  }

  scopeCancelled(scope: ScopeNode, task: Task, cause: CancelCause, by: Task | undefined): void {
    if (!this.#wants("scopeCancelled")) return;
    const cancellation = Object.freeze({ reason: scope.own?.reason, cause, by: by && infoOf(by) });
    this.#call("scopeCancelled", this.#infoOf(scope, task), cancellation);
  }

  scopeExited(scope: ScopeNode, task: Task): void {
    if (this.#wants("scopeExited")) this.#call("scopeExited", this.#infoOf(scope, task));
  }

  /** Asked before anything is made for a hook; what came before it is told first. */
  #wants(hook: Hook): boolean {
    this.unsaidWaits()?.();
    return this.#hooked.has(hook);
  }

  /** What tells of the waits that nobody has been told of: what they are for is asked now, the hooks are called with it. */
  unsaidWaits(): (() => void) | undefined {
    if (this.#unsaid.length === 0) return undefined;
    const told = this.#unsaid.map((waiter) => [infoOf(waiter.task as Task), waiter.what()]);
    this.#unsaid = [];
    return () => {
      for (const wait of told) this.#call("taskWaiting", ...wait);
    };
  }

  #call(hook: Hook, ...args: readonly unknown[]): void {
    for (const { instrument, call } of this.#hooked.get(hook) ?? []) {
      try {
        call(...args);
      } catch (error) {
        // Replaces the arrays, so this loop goes on over the old one.
        this.#remove(instrument, hook, error);
      }
    }
  }

  #add(hook: Hook, hooked: Hooked): void {
    const others = this.#hooked.get(hook);
    if (others === undefined) this.#hooked.set(hook, [hooked]);
    else others.push(hooked);
  }

  #remove(broken: Instrument, hook: Hook, error: unknown): void {
    for (const [name, all] of this.#hooked) {
      this.#hooked.set(
        name,
        all.filter(({ instrument }) => instrument !== broken),
      );
    }
    hostProcess?.emitWarning?.(
      `an instrument of run ${JSON.stringify(this.#run.name)} threw in ${hook}() and is called no more: ${told(error)}`,
      { type: "AnywhenWarning", code: "ANYWHEN_INSTRUMENT" },
    );
  }

  #infoOf(scope: ScopeNode, task: Task): ScopeInfo {
    let id = this.#scopeIds.get(scope);
    if (id === undefined) this.#scopeIds.set(scope, (id = ++this.#lastScopeId));
    const { name, due = Infinity, shielded } = scope;
    return Object.freeze({
      id,
      kind: scope.title.kind,
      name,
      task: infoOf(task),
      deadline: due,
      shield: shielded,
    });
  }
}

const soon = Promise.resolve();

/** By name, so that a typo in an instrument is a type error and costs nothing here. */
const hooks: readonly Hook[] = [
  "runStarted",
  "runEnded",
  "taskSpawned",
  "taskStarted",
  "taskWaiting",
  "taskResumed",
  "taskEnded",
  "scopeEntered",
  "scopeCancelled",
  "scopeExited",
];
