import type { HostedTask, Outcome } from "../backend.ts";
import { beginLater } from "./start-queue.ts";
import type { Ended, Task } from "./task.ts";

/**
 * A task as its backend sees it.
 *
 * The body must start in the spawner's async context, whoever calls `run()` and whenever [T3, B6].
 * So the promise reaction that starts it is made at the end of the spawning call, by `hold()`; if
 * `run()` has not been called by then, behind a gate that it opens.
 */
export class Hosting implements HostedTask {
  readonly spawner: unknown;
  /** @internal */ readonly task: Task;
  /** @internal In the queue of those that are to begin. */
  following: Hosting | undefined = undefined;
  private wanted = false;
  private open: (() => void) | undefined = undefined;

  constructor(task: Task, spawner: unknown) {
    this.task = task;
    this.spawner = spawner;
  }

  get id(): number {
    return this.task.id;
  }

  get name(): string {
    return this.task.name;
  }

  attach(host: unknown): void {
    this.task.host = host;
  }

  run(): Promise<Outcome>;
  run(ended: Ended): undefined;
  run(ended?: Ended): Promise<Outcome> | undefined {
    // A closure in here would cost each call a context, also where it is not made.
    const done = ended === undefined ? this.promised() : undefined;
    if (ended !== undefined) this.task.begin(ended);
    this.wanted = true;
    this.open?.();
    return done;
  }

  /** Called at the end of the spawning call, once. */
  hold(): void {
    if (this.wanted) beginLater(this);
    else this.startBehindGate();
  }

  cancel(reason?: unknown): void {
    this.task.scope.cancelWith("host", reason);
  }

  settled(outcome: Outcome): void {
    this.task.settled(outcome);
  }

  private promised(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.task.begin(resolve);
    });
  }

  private startBehindGate(): void {
    const gate = new Promise<void>((resolve) => {
      this.open = resolve;
    });
    void gate.then(() => this.task.execute());
  }
}
