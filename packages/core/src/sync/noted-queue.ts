import type { Waiter } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";

/**
 * A queue in which waiters may bring a note along: what they are to be given, or for whom they wait.
 * The notes stand beside the waiters and not in them: few bring one, and a class of their own would
 * cost each of these waits what it saves. A queue without notes pays one comparison.
 */
export class NotedQueue<T, N> extends WaitQueue<T> {
  private notes: Map<Waiter<T>, N> | undefined;

  /** Joins, like `push`, with a note. */
  pushNoted(waiter: Waiter<T>, note: N): void {
    this.notes ??= new Map();
    this.notes.set(waiter, note);
    this.push(waiter);
  }

  /** The note of one that waits. */
  noteOf(waiter: Waiter<T>): N | undefined {
    return this.notes?.get(waiter);
  }

  override remove(waiter: Waiter<T>): void {
    this.notes?.delete(waiter);
    super.remove(waiter);
  }
}
