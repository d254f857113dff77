import type { HostedTask, Outcome } from "../backend.ts";
import { ambient } from "../context.ts";
import type { CancelScope } from "../scope/cancel-scope.ts";
import type { Task } from "./task.ts";

const soon = Promise.resolve();

const nothing = (): void => {};

/**
 * A task as its backend sees it.
 *
 * The body must start in the spawner's async context, whoever calls `run()` and whenever [T3, B6].
 * So the promise reaction that starts it is made inside the spawning call: by `run()` where that is
 * called within it, else by `hold()`, behind a gate that `run()` opens.
 */
export class Hosting implements HostedTask {
  readonly spawner: unknown;
  private readonly task: Task;
  /** What `run()` was given, or what resolves its promise. */
  private ended: (outcome: Outcome, task: HostedTask) => void = nothing;
  /** The scope of the spawning call, by which its context is known again. */
  private readonly origin: CancelScope | undefined;
  private state: "new" | "wanted" | "held" | "started" = "new";
  private open: (() => void) | undefined = undefined;

  constructor(task: Task, spawner: unknown, origin: CancelScope | undefined) {
    this.origin = origin;
    this.task = task;
    task.hosting = this;
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
  run(ended: (outcome: Outcome, task: HostedTask) => void): undefined;
  run(ended?: (outcome: Outcome, task: HostedTask) => void): Promise<Outcome> | undefined {
    // A closure in here would cost each call a context, also where it is not made.
    const done = ended === undefined ? this.promised() : undefined;
    if (ended !== undefined) this.ended = ended;
    this.task.begin();
    if (this.state === "held") this.open?.();
    else if (this.state === "new") {
      if (ambient.getStore() === this.origin) this.startAfter(soon);
      else this.state = "wanted";
    }
    return done;
  }

  /** Called at the end of the spawning call. */
  hold(): void {
    if (this.state === "wanted") this.startAfter(soon);
    if (this.state !== "new") return;
    this.startAfter(this.gate());
    this.state = "held";
  }

  cancel(reason?: unknown): void {
    this.task.scope.cancelWith("host", reason);
  }

  settled(outcome: Outcome): void {
    this.task.settle(outcome);
  }

  private promised(): Promise<Outcome> {
    return new Promise((resolve) => {
      this.ended = resolve;
    });
  }

  private gate(): Promise<void> {
    return new Promise((resolve) => {
      this.open = resolve;
    });
  }

  private startAfter(gate: Promise<void>): void {
    this.state = "started";
    void gate.then(() => this.task.execute());
  }

  /** The body has ended, if it ever ran. */
  end(outcome: Outcome): void {
    this.ended(outcome, this);
  }
}
