import { HandWrittenQueue } from "./queue.ts";

/** The semaphore that people write by hand. */
export class HandWrittenSemaphore {
  private permits: number;
  private readonly waiting: HandWrittenQueue = new HandWrittenQueue();

  constructor(permits: number) {
    this.permits = permits;
  }

  acquire(): Promise<void> {
    if (this.permits > 0) {
      this.permits--;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  release(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.permits++;
    else next();
  }
}
