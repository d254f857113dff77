import type { HostedTask, Outcome } from "../backend.ts";
import { isThenable } from "../arguments.ts";
import { ambient, continueInside } from "../context.ts";
import { TaskCancelled, TaskFailed, TaskNotFinished, UsageError } from "../errors.ts";
import type { RunState } from "../run-state.ts";
import { CancelScope } from "../scope/cancel-scope.ts";
import { isCancelled } from "../scope/cancelled.ts";
import type { ScopeNode, ScopeTitle } from "../scope/scope-node.ts";
import { told } from "../shown.ts";
import { parkIn, passedIn, refusedIn, type WaitKind } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";
import type { TaskHandle, TaskState } from "./task-types.ts";

/** Whoever must hear that a task has ended: its group, the `start()` call it belongs to, or its run. */
export interface TaskOwner {
  taskEnded(task: Task): void;
}

/** Of every task's scope. */
const taskTitle: ScopeTitle = { kind: "task", name: undefined };

/** How a task ended, and whether with a `Cancelled` that its own scope does not absorb. [C4, T7] */
export type Ending = Outcome & { readonly interrupted?: boolean };

/** What a backend wants to hear when the body has ended. */
export type Ended = (outcome: Outcome, task: Pick<HostedTask, "settled">) => void;

/** One task: the handle that users hold, and the record that the core keeps. */
export class Task<T = unknown> implements TaskHandle<T> {
  readonly id: number;
  /** The name it was given or its function's; empty for one that gets a name only when asked. */
  private readonly label: string;
  /**
   * Until `enterScope()`, the scope that its own will lie in; from then on its own. As a rule that is
   * when the body begins: a task that has not begun costs no scope.
   */
  private place: ScopeNode | undefined;
  /** The task whose group this one is in; undefined for a root. */
  readonly parentId: number | undefined;
  /** @internal */ readonly run: RunState;
  /** @internal */ owner: TaskOwner;
  /** Once the host has started it, until the body has ended. */
  private ended: Ended | undefined = undefined;
  /** @internal The backend's handle of it. */ host: unknown = undefined;
  /** @internal In its run; defined until it has ended. */ previous: Task | undefined = undefined;
  /** @internal */ next: Task | undefined = undefined;
  /** @internal Checkpoints that its code has executed, whether they waited or not. */
  checkpoints = 0;
  /** The body until it runs; what it came to once it has ended. */
  private course: (() => unknown) | Ending | undefined;
  /** Waits of its branches: ordinary ones, and those for what only the outside can see. */
  private parks = 0;
  private foreignParks = 0;
  private waiters: WaitQueue<void> | undefined = undefined;

  constructor(
    run: RunState,
    owner: TaskOwner,
    place: ScopeNode | undefined,
    parentId: number | undefined,
    body: () => unknown,
    name: string,
  ) {
    this.id = run.nextId();
    this.label = name;
    this.run = run;
    this.owner = owner;
    this.place = place;
    this.parentId = parentId;
    this.course = body;
    run.add(this as Task);
    run.deferred();
    // Instruments are told in the order of starting [D4]; only one that is in its run has not ended.
    if (run.instruments !== undefined) this.enterScope();
  }

  get name(): string {
    return this.label || `task-${this.id}`;
  }

  get scope(): CancelScope {
    return this.ensureScope();
  }

  /** @internal For whoever looks at scopes from outside: one that has not begun may have none yet. */
  ensureScope(): CancelScope {
    return this.ownScope ?? this.enterScope();
  }

  private get ownScope(): CancelScope | undefined {
    return this.place?.task === this ? (this.place as CancelScope) : undefined;
  }

  get state(): TaskState {
    if (this.hasEnded) {
      const tag = this.ending?.tag;
      return tag === "ok" ? "finished" : tag === "failed" ? "failed" : "cancelled";
    }
    if (typeof this.course === "function") return "pending";
    return this.scope.cancelled ? "cancelling" : "running";
  }

  cancel(reason?: unknown): void {
    this.scope.cancel(reason);
  }

  wait(): Promise<void> {
    const scope = ambient.getStore();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) return refusal;
    if (this.hasEnded) return passedIn<void>(scope, undefined);
    const waiter = parkIn<void>(scope);
    this.waiters ??= new WaitQueue(() => `the end of task ${JSON.stringify(this.name)}`);
    this.waiters.push(waiter);
    return waiter.promise;
  }

  result(): Promise<T> {
    const result = this.wait().then(() => this.returnValue);
    // What goes wrong is the group's to report: a result that is awaited late, or never, raises nothing. [T19]
    result.catch(() => {});
    return result;
  }

  get returnValue(): T {
    const outcome = this.endedOutcome();
    if (outcome.tag === "ok") return outcome.value as T;
    if (outcome.tag === "cancelled") throw this.cancelledError(outcome.error);
    const { error } = outcome;
    throw new TaskFailed(`task "${this.name}" failed: ${told(error)}`, { cause: error });
  }

  get error(): unknown {
    const outcome = this.endedOutcome();
    if (outcome.tag === "cancelled") throw this.cancelledError(outcome.error);
    return outcome.tag === "failed" ? outcome.error : undefined;
  }

  /** @internal How it ended, once it has. */
  get outcome(): Ending | undefined {
    return this.hasEnded ? this.ending : undefined;
  }

  private get hasEnded(): boolean {
    return this.previous === undefined;
  }

  private get ending(): Ending | undefined {
    return typeof this.course === "object" ? this.course : undefined;
  }

  /** @internal Runs the body inside the task's scope. Nothing may come after it in the same microtask. */
  execute(): void {
    if (this.hasEnded) return;
    this.run.instruments?.taskStarted(this as Task);
    const body = this.course;
    // Whoever heard of it has ended it.
    if (typeof body !== "function") return;
    this.course = undefined;
    try {
      continueInside(this.scope, runBody, this as Task, body);
    } catch (error) {
      // A host that can carry no scope; what the body throws is dealt with in there.
      if (this.ending !== undefined) throw error;
      this.threw(error);
    }
  }

  /** @internal The body has come to a value. */
  returned(value: unknown): void {
    this.leave({ tag: "ok", value });
  }

  /** @internal The body has thrown. */
  threw(error: unknown): void {
    if (!isCancelled(error)) this.leave({ tag: "failed", error });
    else if (!this.scope.cancelledAround) {
      this.leave({ tag: "failed", error: strayCancellation(error, `task "${this.name}"`) });
    } else {
      const interrupted = this.scope.own === undefined || this.scope.outer !== undefined;
      this.leave({ tag: "cancelled", error, interrupted });
    }
  }

  /** @internal The host starts it. */
  begin(ended: Ended): void {
    const { begun } = this;
    this.ended = ended;
    if (begun) return;
    this.run.delivered();
    this.run.taskBecameRunnable();
  }

  /**
   * @internal The host's unit has ended. What the body came to is the truth where the core saw it,
   * whatever the host made of it; the host's word counts where the body never ended or never ran.
   */
  settled(outcome: Outcome): void {
    if (this.hasEnded) return;
    const ending = this.ending ?? outcome;
    this.end(ending);
    this.run.instruments?.taskEnded(this as Task, ending.tag);
    this.waiters?.resumeAll();
    this.waiters = undefined;
    this.owner.taskEnded(this as Task);
  }

  /** @internal Takes back a task that the backend has refused or lost: nobody is told. */
  discard(): void {
    if (!this.hasEnded) this.end(undefined);
  }

  /** @internal One of its branches waits. */
  parked(kind: WaitKind): void {
    if (kind !== "parked") this.countOutside(kind, 1);
    else if (++this.parks === 1) this.becameIdle();
    else this.run.noteActivity();
  }

  /** @internal One of its branches goes on. */
  resumed(kind: WaitKind): void {
    if (kind !== "parked") this.countOutside(kind, -1);
    else if (--this.parks === 0) this.becameRunnable();
    else this.run.noteActivity();
  }

  private enterScope(): CancelScope {
    const scope = new CancelScope();
    scope.title = taskTitle;
    scope.enter(this.place, this.run.engine, this as Task);
    this.place = scope;
    if (this.hasEnded) scope.end();
    return scope;
  }

  private end(ending: Ending | undefined): void {
    const { begun, waiting } = this;
    this.course = ending;
    this.host = undefined;
    this.run.remove(this as Task);
    if (this.ownScope === undefined) this.place = undefined;
    else this.ownScope.end();
    if (!begun) this.run.delivered();
    else if (!waiting) this.run.taskBecameIdle();
  }

  private becameIdle(): void {
    if (this.hasEnded || this.foreignParks > 0) this.run.noteActivity();
    else this.run.taskBecameIdle();
  }

  private becameRunnable(): void {
    if (this.hasEnded || this.foreignParks > 0) this.run.noteActivity();
    else this.run.taskBecameRunnable();
  }

  private countOutside(kind: Exclude<WaitKind, "parked">, change: 1 | -1): void {
    if (this.hasEnded || kind === "unseen") return;
    const wasIdle = this.waiting;
    this.foreignParks += change;
    if (this.waiting === wasIdle) this.run.noteActivity();
    else if (wasIdle) this.run.taskBecameRunnable();
    else this.run.taskBecameIdle();
  }

  /** @internal Whether it is parked, for something inside. */
  get waiting(): boolean {
    return this.parks > 0 && this.foreignParks === 0;
  }

  /** Whether the host has started it, or ended it without. */
  private get begun(): boolean {
    return this.ended !== undefined || typeof this.course !== "function";
  }

  private leave(ending: Ending): void {
    if (this.course === undefined) {
      this.course = ending;
      this.scope.end();
    }
    const { ended } = this;
    this.ended = undefined;
    ended?.(this.course as Ending, this);
  }

  private endedOutcome(): Outcome {
    if (this.hasEnded) return this.ending as Outcome;
    throw new TaskNotFinished(
      `task "${this.name}" has not ended yet (it is ${this.state}): await handle.wait() first`,
    );
  }

  private cancelledError(cancelled: unknown): TaskCancelled {
    return new TaskCancelled(`task "${this.name}" was cancelled`, { cause: cancelled });
  }
}

/** A `Cancelled` that no cancelled scope accounts for is a bug, and must not pass for a cancellation. [C14] */
export function strayCancellation(cancelled: Error, where: string): UsageError {
  return new UsageError(
    `a Cancelled reached the edge of ${where} although no scope around it is cancelled: ` +
      "it was kept and thrown later, or awaited outside the scope it belongs to",
    { cause: cancelled },
  );
}

/**
 * Inside the task's scope: the reactions run where they are made, and so know the task by the ambient
 * scope, which spares it two closures.
 */
function runBody(task: Task, body: () => unknown): void {
  let result: unknown;
  let promise: Promise<unknown> | undefined;
  try {
    result = body();
    if (isThenable(result)) promise = Promise.resolve(result);
  } catch (error) {
    task.threw(error);
    return;
  }
  if (promise === undefined) task.returned(result);
  else void promise.then(bodyReturned, bodyThrew);
}

function bodyReturned(value: unknown): void {
  ambientTask().returned(value);
}

function bodyThrew(error: unknown): void {
  ambientTask().threw(error);
}

function ambientTask(): Task {
  return (ambient.getStore() as CancelScope).task as Task;
}
