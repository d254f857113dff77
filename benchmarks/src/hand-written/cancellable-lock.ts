import { AsyncLocalStorage } from "node:async_hooks";

interface Wait {
  readonly lock: CancellableLock;
  readonly around: Around | undefined;
  resolve(): void;
  reject(error: Error): void;
}

/** What calls belong to that can be cancelled as one. */
export class Around {
  readonly waits: Set<Wait> = new Set();
  cancelled: Error | undefined = undefined;

  /** Calls `body` inside. */
  run<T>(body: () => T): T {
    return storage.run(this, body);
  }

  cancel(error: Error): void {
    this.cancelled = error;
    for (const wait of this.waits) {
      wait.lock.leave(wait);
      wait.reject(error);
    }
  }
}

const storage = new AsyncLocalStorage<Around>();

/**
 * The lock by hand, if its waits must end when what is around them is cancelled, with no signal handed
 * around: it looks up what that is, and each wait stands in two sets, which it leaves as it ends.
 */
export class CancellableLock {
  private held = false;
  private readonly waiting: Set<Wait> = new Set();

  acquire(): Promise<void> {
    const around = storage.getStore();
    if (around?.cancelled !== undefined) return Promise.reject(around.cancelled);
    if (!this.held) {
      this.held = true;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const wait: Wait = { lock: this, around, resolve, reject };
      this.waiting.add(wait);
      around?.waits.add(wait);
    });
  }

  release(): void {
    const [next] = this.waiting;
    if (next === undefined) this.held = false;
    else {
      this.leave(next);
      next.resolve();
    }
  }

  leave(wait: Wait): void {
    this.waiting.delete(wait);
    wait.around?.waits.delete(wait);
  }

  async use<T>(body: () => T | PromiseLike<T>): Promise<T> {
    await this.acquire();
    try {
      return await body();
    } finally {
      this.release();
    }
  }
}
