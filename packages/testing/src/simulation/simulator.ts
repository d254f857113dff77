import {
  type Backend,
  type CoreState,
  DeadlockError,
  eventLoop,
  type HostedTask,
  outside,
  type Outcome,
  type Timer,
} from "@anywhen/core";
import type { Chooser } from "./chooser.ts";
import { describeStep, type Ready } from "./step.ts";
import { Timeline } from "./timeline.ts";

const nothingAwaited = { why: undefined, waited: undefined };

/** Is told of the moments at which something may be cancelled. */
export interface Probe {
  /** Every task waits, and the next step or instant is about to come. */
  betweenSteps(simulator: Simulator): void;
  /** `task` has come to a checkpoint, which has decided nothing yet. */
  atCheckpoint(simulator: Simulator, task: HostedTask): void;
}

export interface SimulatorOptions {
  readonly chooser: Chooser;
  /** Steps after which the run is given up. */
  readonly maxSteps: number;
  /** Real milliseconds to wait for a promise that is none of the library's. */
  readonly patience: number;
  /** Put the steps into words. */
  readonly trace: boolean;
  readonly probe?: Probe | undefined;
}

/**
 * A host on which one thing happens at a time. Whatever may go on (a task that starts, one that is
 * resumed, one that gave way) stands in a queue; a chooser says who goes next. Then every microtask
 * runs, which one full turn of the event loop sees to, however many there are. When the queue is empty
 * and no task runs, virtual time moves to the next deadline or sleep.
 */
export class Simulator {
  readonly backend: Backend<HostedTask>;
  /** The chosen places, and out of how many. */
  readonly choices: number[] = [];
  readonly counts: number[] = [];
  /** The steps in words, if they are traced. */
  readonly trace: string[] = [];
  readonly timeline: Timeline = new Timeline();
  readonly #options: SimulatorOptions;
  readonly #ready: Ready[] = [];
  /** How many there are of each kind. */
  readonly #queued = { start: 0, yield: 0, resume: 0 };
  readonly #onTurn = (): void => this.#onStep();
  /** How to end the runs that are under way when none of their tasks can. */
  readonly #runs = new Set<(error: Error) => void>();
  #core: CoreState | undefined;
  #turnDue = false;
  #givenUp = false;
  #patience: Timer | undefined;
  steps = 0;
  /** The root task of the first run. */
  root: HostedTask | undefined;
  /** Tasks that have not ended. */
  readonly live: Set<HostedTask<HostedTask>> = new Set();

  constructor(options: SimulatorOptions) {
    this.#options = options;
    const { probe } = options;
    this.backend = {
      name: "simulation",
      capabilities: { virtualTime: true, deterministic: true, hostCancel: false },
      now: () => this.timeline.now,
      setTimer: (delayMs, callback) => {
        this.#stir();
        return this.timeline.setTimer(delayMs, callback);
      },
      reschedule: (callback, host) => this.#giveWay(callback, host),
      wake: (host, go, why, waited) => {
        const what = options.trace ? waited?.describe() : undefined;
        this.#push({ kind: "resume", task: nameOf(host), host, why, waited: what, go });
      },
      spawn: (task) => void this.#start(task),
      run: (task) => this.#run(task),
      idle: () => this.#stir(),
      bind: (core) => {
        this.#core = core;
      },
      ...(probe && {
        checkpoint: (host) => {
          if (host !== undefined) probe.atCheckpoint(this, host);
        },
      }),
    };
  }

  async #run(task: HostedTask<HostedTask>): Promise<void> {
    this.root ??= task;
    const ended = this.#start(task);
    let giveUp: ((error: Error) => void) | undefined;
    const failed = new Promise<never>((_, reject) => {
      giveUp = reject;
      this.#runs.add(reject);
    });
    try {
      await Promise.race([ended, failed]);
    } finally {
      if (giveUp !== undefined) this.#runs.delete(giveUp);
    }
  }

  #start(task: HostedTask<HostedTask>): Promise<void> {
    task.attach(task);
    this.live.add(task);
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        this.live.delete(task);
        task.settled(outcome);
        resolve();
      };
      const go = (): void => void task.run().then(settle);
      this.#push({ ...nothingAwaited, kind: "start", task: task.name, host: task, go });
    });
  }

  /** A promise reaction, which is made here, runs in the caller's async context whoever opens the gate. [B12] */
  #giveWay(callback: () => void, host: HostedTask | undefined): void {
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    void gate.then(callback);
    this.#push({ ...nothingAwaited, kind: "yield", task: nameOf(host), host, go });
  }

  #push(ready: Ready): void {
    this.#ready.push(ready);
    this.#queued[ready.kind]++;
    this.#stir();
  }

  #stir(): void {
    if (this.#turnDue) return;
    this.#turnDue = true;
    // Outside every context: the turn must not keep alive the scope that happened to stir.
    outside(() => eventLoop.nextTurn(this.#onTurn));
  }

  #onStep(): void {
    this.#patience?.cancel();
    this.#patience = undefined;
    // Until here a turn counts as due, so that what is pushed meanwhile asks for no second one.
    this.#turnDue = this.#step();
    if (this.#turnDue) eventLoop.nextTurn(this.#onTurn);
  }

  /** Whether anything has happened. */
  #step(): boolean {
    if (this.#givenUp) return false;
    if (this.#ready.length === 0 && (this.#core?.runnable ?? 0) > 0) return this.#wait();
    if (this.#runs.size > 0) this.#options.probe?.betweenSteps(this);
    if (this.#ready.length > 0) return this.#next();
    if (this.timeline.nextDue < Infinity) return this.#passTime();
    return this.#endStuck();
  }

  #next(): boolean {
    const { maxSteps, trace } = this.#options;
    if (this.steps === maxSteps) {
      return this.#giveUp(
        `the run had not ended after ${maxSteps} steps: does it loop for ever? If it is just long, raise maxSteps`,
      );
    }
    this.steps++;
    const first = this.#ready[0];
    const taken = this.#choose();
    this.#ready.splice(this.#ready.indexOf(taken), 1);
    this.#queued[taken.kind]--;
    if (trace) this.trace.push(describeStep(taken, taken === first ? undefined : first));
    taken.go();
    return true;
  }

  #choose(): Ready {
    const queue = this.#eligible();
    if (queue.length === 1) return queue[0] as Ready;
    const place = this.#options.chooser(queue);
    this.choices.push(place);
    this.counts.push(queue.length);
    return queue[place] as Ready;
  }

  /** A task that gave way goes on after those that had been resumed before. [K5] */
  #eligible(): readonly Ready[] {
    if (this.#queued.yield === 0 || this.#queued.resume === 0) return this.#ready;
    const resumed = this.#ready.findIndex(({ kind }) => kind === "resume");
    return this.#ready.filter(({ kind }, place) => kind !== "yield" || place < resumed);
  }

  #passTime(): boolean {
    const { now } = this.timeline;
    this.timeline.advance();
    if (this.#options.trace && this.timeline.now > now)
      this.trace.push(`it is ${this.timeline.now} ms`);
    return true;
  }

  /** Nothing that time could bring is left either: what still waits, waits for ever. [D1] */
  #endStuck(): boolean {
    if (this.#runs.size === 0 || this.#core?.stuck() !== true) return false;
    if (this.#options.trace) this.trace.push("nobody can go on: the run is cancelled");
    return true;
  }

  /** For what the tasks await of the outside: the clock stands still meanwhile. Whatever stirs ends the wait. */
  #wait(): false {
    const { patience } = this.#options;
    this.#patience = eventLoop.setTimer(patience, () => {
      const names = [...this.live].map(({ name }) => JSON.stringify(name)).join(", ");
      this.#giveUp(
        `for ${patience} ms nothing has happened, and a task awaits a promise that is none of anywhen's, which ` +
          `holds the clock (alive: ${names}): wait with an Event, a Future or a stream instead, or raise patience if it is I/O`,
      );
    });
    return false;
  }

  #giveUp(message: string): false {
    this.#givenUp = true;
    this.#ready.length = 0;
    for (const fail of this.#runs) fail(new DeadlockError(message));
    return false;
  }
}

function nameOf(host: HostedTask | undefined): string {
  return host?.name ?? "code outside every task";
}
