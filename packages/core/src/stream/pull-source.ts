import { ambient } from "../context.ts";
import { defaultEngine } from "../registry.ts";
import { CancelScope } from "../scope/cancel-scope.ts";
import { isCancelled } from "../scope/cancelled.ts";
import type { WaitKind } from "../wait.ts";

/** Something that can be asked for its next item. */
export interface PullSource<T> {
  /** What waiting for an item means for how busy a task is. */
  readonly kind: WaitKind;
  next(): Promise<IteratorResult<T>>;
  /** Nobody wants more. Resolves when the source has let go of what it holds. */
  stop(): Promise<void>;
  /** It has come to its end, or failed. */
  ended(): void;
}

interface Destroyable {
  destroy(): unknown;
}

/** Undefined for what is no source. */
export function pullFrom<T>(source: unknown): PullSource<T> | undefined {
  if (typeof source !== "object" || source === null) return undefined;
  const candidate = source as Partial<ReadableStream<T> & AsyncIterable<T> & Destroyable>;
  if (typeof candidate.getReader === "function") return new ReaderSource(candidate.getReader());
  if (typeof candidate[Symbol.asyncIterator] !== "function") return undefined;
  const iterable = candidate as AsyncIterable<T>;
  return typeof candidate.destroy === "function"
    ? new IteratorSource(iterable, "foreign", candidate as Destroyable)
    : new IteratorSource(iterable, "parked", undefined);
}

class ReaderSource<T> implements PullSource<T> {
  readonly kind = "foreign";
  private readonly reader: ReadableStreamDefaultReader<T>;

  constructor(reader: ReadableStreamDefaultReader<T>) {
    this.reader = reader;
  }

  next(): Promise<IteratorResult<T>> {
    return this.reader.read() as Promise<IteratorResult<T>>;
  }

  /** Settles a read that is under way, too. */
  async stop(): Promise<void> {
    try {
      await this.reader.cancel();
    } finally {
      this.ended();
    }
  }

  ended(): void {
    this.reader.releaseLock();
  }
}

class IteratorSource<T> implements PullSource<T> {
  readonly kind: WaitKind;
  private readonly iterator: AsyncIterator<T>;
  private readonly destroyable: Destroyable | undefined;
  /**
   * Where the code of a generator runs. Not in the scope of whoever happens to receive: that one's
   * timeout would end the generator, and the items it has still to give.
   */
  private readonly scope: CancelScope = new CancelScope({ name: "the source of fromReadable()" });
  private stepping = false;

  constructor(source: AsyncIterable<T>, kind: WaitKind, destroyable: Destroyable | undefined) {
    this.kind = kind;
    this.destroyable = destroyable;
    this.scope.enter(undefined, ambient.getStore()?.engine ?? defaultEngine(), undefined);
    this.iterator = source[Symbol.asyncIterator]();
  }

  async next(): Promise<IteratorResult<T>> {
    this.stepping = true;
    try {
      return await ambient.run(this.scope, () => this.iterator.next());
    } finally {
      this.stepping = false;
    }
  }

  /**
   * A step under way is cancelled, because a generator does not hear `return()` before it has settled.
   * It is not awaited: other iterators settle it only when they hear `return()`.
   */
  async stop(): Promise<void> {
    // From here on its waits are those of whoever closes it, and awaits that.
    this.scope.task = ambient.getStore()?.task;
    this.destroyable?.destroy();
    if (this.stepping) this.scope.cancel("the stream was closed");
    try {
      await ambient.run(this.scope, async () => this.iterator.return?.());
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      this.ended();
    }
  }

  ended(): void {
    this.scope.end();
    this.scope.task = undefined;
  }
}
