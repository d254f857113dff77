import { type ChildProcess, fork } from "node:child_process";
import type { Answer, Finding, Order } from "./messages.ts";

/** Longer than any case may take. Who says nothing for this long hangs. */
const silenceMs = 5_000;
/** Starting a process may take a while on a busy machine. */
const startMs = 30_000;

/**
 * Runs the cases in child processes, one after the other; where a case takes its process down with it,
 * the rest go on in a new one. Yields what came of each.
 */
export async function* runProgram(file: string, order: Order): AsyncGenerator<Finding> {
  for (let left = order.ids; left.length > 0;) {
    let done = 0;
    for await (const finding of oneProcess(file, { ...order, ids: left })) {
      done++;
      yield finding;
    }
    if (done === 0) throw new Error(`${file} ran none of the cases ${left.join(", ")}`);
    left = left.slice(done);
  }
}

async function* oneProcess(file: string, order: Order): AsyncGenerator<Finding> {
  const child = fork(file, {
    execArgv: ["--expose-gc", "--no-warnings"],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const talk = new Conversation(child);
  try {
    child.send(order);
    let running: Answer | undefined;
    for (let answer = await talk.next(); answer !== undefined; answer = await talk.next()) {
      running = "begun" in answer ? answer : undefined;
      if ("id" in answer) yield answer;
    }
    if (running === undefined || "id" in running) return;
    const { begun: id, title } = running;
    yield { id, status: "hung", message: `${id}: ${title}. But ${talk.end}` };
  } finally {
    talk.stop();
  }
}

/** What a child says, one after the other; it is killed when it falls silent. */
class Conversation {
  /** How it ended, if not well. */
  end = "it brought the process down";
  private readonly child: ChildProcess;
  private readonly answers: Answer[] = [];
  private over = false;
  private wake = (): void => {};
  private watchdog: NodeJS.Timeout;

  constructor(child: ChildProcess) {
    this.child = child;
    this.watchdog = setTimeout(() => this.silent(), startMs);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.end = `it brought the process down: ${text.slice(0, 500)}`;
    });
    child.on("message", (answer: Answer) => {
      clearTimeout(this.watchdog);
      this.watchdog = setTimeout(() => this.silent(), silenceMs);
      this.answers.push(answer);
      this.wake();
    });
    // Not "exit", which may come before the last messages have been read.
    child.on("disconnect", () => {
      this.over = true;
      this.wake();
    });
  }

  async next(): Promise<Answer | undefined> {
    while (this.answers.length === 0 && !this.over) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return this.answers.shift();
  }

  stop(): void {
    clearTimeout(this.watchdog);
    this.child.kill("SIGKILL");
  }

  private silent(): void {
    this.end = "it hung the event loop";
    this.child.kill("SIGKILL");
  }
}
