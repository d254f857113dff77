import type { Engine } from "./engine.ts";
import { nextTurn } from "./host.ts";
import type { Instruments } from "./instrument/instruments.ts";
import { appendTo, takeFrom } from "./linked-list.ts";
import type { Task } from "./task/task.ts";
import { WaitQueue } from "./wait-queue.ts";

/** One run: its live tasks, and how busy they are. */
export class RunState {
  readonly engine: Engine;
  /** Told of everything that happens in the run; nearly always undefined. [D4] */
  readonly instruments: Instruments | undefined;
  /** Callers of `waitAllTasksBlocked()`, each of which holds the engine back. */
  readonly watchers: WaitQueue<void>;
  // No #private in what every wait goes through: see WaitQueue.
  private firstTask: Task | undefined = undefined;
  private lastId = 0;
  /** Started tasks that are not parked. */
  private runnable = 0;
  /** Tasks about to start, and waits that are decided but wait for a turn or for the backend's choice. */
  private pending = 0;
  /** Changes whenever anything happens: a task with two branches may act without becoming runnable. */
  private activity = 0;
  private probing = false;

  constructor(engine: Engine, instruments?: Instruments) {
    this.engine = engine;
    this.instruments = instruments;
    this.watchers = new WaitQueue(undefined, () => engine.release());
  }

  /** Dense and per run: replaying a simulation needs it. */
  nextId(): number {
    return ++this.lastId;
  }

  add(task: Task): void {
    this.firstTask = appendTo(this.firstTask, task);
  }

  remove(task: Task): void {
    this.firstTask = takeFrom(this.firstTask as Task, task);
  }

  /** Live tasks in the order they were spawned, so parents come before children. */
  *tasks(): Generator<Task> {
    for (let task = this.firstTask; task !== undefined; task = task.next) yield task;
  }

  /** Whether there are tasks, and all of them wait. */
  get stuck(): boolean {
    return this.firstTask !== undefined && this.quiet;
  }

  /** Something happened inside a task that leaves it as busy as it was. */
  noteActivity(): void {
    this.activity++;
  }

  taskBecameRunnable(): void {
    this.activity++;
    this.runnable++;
    this.engine.runnable++;
  }

  taskBecameIdle(): void {
    this.activity++;
    this.runnable--;
    this.engine.release();
    this.probe();
  }

  deferred(): void {
    this.pending++;
  }

  delivered(): void {
    this.activity++;
    this.pending--;
    this.probe();
  }

  /**
   * Resumes the watchers once nothing has moved for a whole turn of the event loop: one turn drains
   * any number of microtasks, so a branch that was just resumed has run by then.
   */
  probe(): void {
    if (this.watchers.size === 0 || this.probing || !this.quiet) return;
    this.probing = true;
    const seen = this.activity;
    nextTurn(() => {
      this.probing = false;
      if (this.quiet && seen === this.activity) this.resumeWatchers();
      else this.probe();
    });
  }

  private resumeWatchers(): void {
    let held = 0;
    // One that an instrument cancels meanwhile has let go of the engine already.
    for (let { first } = this.watchers; first !== undefined; first = this.watchers.first)
      if (first.resume()) held++;
    for (; held > 0; held--) this.engine.release();
  }

  private get quiet(): boolean {
    return this.runnable === 0 && this.pending === 0;
  }
}
