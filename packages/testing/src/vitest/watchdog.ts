import { type CancelScope, describeTasks, eventLoop } from "@anywhen/core";

/** The part of a test's timeout that passes before its tasks are shown: vitest's own says nothing of them. */
const patience = 0.9;

/** Waits in real time for a test that does not end. */
export interface Watchdog {
  /** Rejects, with an error that shows what the test's tasks do, shortly before the test times out. */
  readonly barked: Promise<never>;
  stop(): void;
}

/** `root` is the scope of the root task of the test's run, once there is one: it is cancelled. */
export function watchdog(timeoutMs: number, root: () => CancelScope | undefined): Watchdog {
  let bark: (error: Error) => void = () => {};
  const barked = new Promise<never>((_, reject) => (bark = reject));
  if (timeoutMs <= 0 || timeoutMs === Infinity) return { barked, stop(): void {} };
  const ms = Math.floor(timeoutMs * patience);
  const timer = eventLoop.setTimer(ms, () => {
    const scope = root();
    const tasks = scope === undefined ? "its run has not begun yet" : describeTasks(scope);
    bark(
      new TestNotEnded(
        `the test has not ended after ${ms} ms of real time (it times out after ${timeoutMs} ms):\n${tasks}`,
      ),
    );
    scope?.cancel("the test has timed out");
  });
  return { barked, stop: () => timer.cancel() };
}

class TestNotEnded extends Error {
  static {
    this.prototype.name = "TestNotEnded";
  }

  constructor(message: string) {
    super(message);
    // No line of the test's is to blame.
    this.stack = `${this.name}: ${message}`;
  }
}
