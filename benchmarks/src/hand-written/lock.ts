import { HandWrittenQueue } from "./queue.ts";

/** The lock that people write by hand: first in, first out, no cancellation, no check of anything. */
export class HandWrittenLock {
  private held = false;
  private readonly waiting: HandWrittenQueue = new HandWrittenQueue();

  acquire(): Promise<void> {
    if (!this.held) {
      this.held = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.held = false;
    else next();
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
