import { ambient } from "../context.ts";
import { nextTurn } from "../host.ts";
import { keepShapes } from "../kept-shapes.ts";
import { defaultEngine } from "../registry.ts";
import { CancelScope } from "../scope/cancel-scope.ts";
import { isCancelled } from "../scope/cancelled.ts";
import { followIn, parkIn, refusedIn } from "../wait.ts";
import { WaitQueue } from "../wait-queue.ts";

export type Pulled<A> = { readonly item: A; readonly index: number } | undefined;

/** The items of `mapConcurrent`, pulled one at a time by however many workers. */
export interface Input<A> {
  /** The next item with its index, or undefined at the end. */
  pull(): Pulled<A> | Promise<Pulled<A>>;
  /** Tells an input that was left early to clean up, and waits for that. */
  close(): Promise<void>;
}

/** Undefined for what is not iterable. */
export function inputFrom<A>(source: Iterable<A> | AsyncIterable<A>): Input<A> | undefined {
  keepShapes(inputShapes);
  const { [Symbol.asyncIterator]: async, [Symbol.iterator]: sync } = (source ?? {}) as Partial<
    Iterable<A> & AsyncIterable<A>
  >;
  if (typeof async === "function") return new AsyncInput(async.call(source));
  return typeof sync === "function" ? new SyncInput(sync.call(source)) : undefined;
}

function inputShapes(): unknown {
  return inputFrom([]);
}

class SyncInput<A> implements Input<A> {
  private readonly iterator: Iterator<A>;
  private pulled = 0;
  private done = false;

  constructor(iterator: Iterator<A>) {
    this.iterator = iterator;
  }

  pull(): Pulled<A> {
    if (this.done) return undefined;
    // An iterator that throws has ended.
    this.done = true;
    const step = this.iterator.next();
    if (step.done === true) return undefined;
    this.done = false;
    return { item: step.value, index: this.pulled++ };
  }

  async close(): Promise<void> {
    if (this.done) return;
    this.done = true;
    this.iterator.return?.();
  }
}

class AsyncInput<A> implements Input<A> {
  private readonly iterator: AsyncIterator<A>;
  /**
   * Where the code of a generator runs: not in the scopes of the workers that happen to pull, which
   * may end before it. Its waits are those of the worker whose step it is.
   */
  private readonly scope: CancelScope = new CancelScope({ name: "the input of mapConcurrent()" });
  /** Workers whose pull waits for another one's: not every iterator takes overlapping calls. */
  private readonly turns: WaitQueue<void> = new WaitQueue(() => "its turn to pull from the input");
  private pulling = false;
  private step: Promise<IteratorResult<A>> | undefined;
  private pulled = 0;
  private done = false;

  constructor(iterator: AsyncIterator<A>) {
    this.iterator = iterator;
    const around = ambient.getStore();
    this.scope.enter(around, around?.engine ?? defaultEngine(), around?.task);
  }

  async pull(): Promise<Pulled<A>> {
    const scope = ambient.getStore();
    if (this.pulling) {
      const turn = parkIn<void>(scope);
      this.turns.push(turn);
      await turn.promise;
    }
    this.pulling = true;
    if (this.done) return this.passTurn();
    const refusal = refusedIn(scope);
    if (refusal !== undefined) {
      this.passTurn();
      return refusal;
    }
    const index = this.pulled++;
    try {
      this.scope.task = scope?.task;
      this.step = ambient.run(this.scope, async () => this.iterator.next());
      const { done, value } = await followIn(scope, this.step, "unseen");
      this.step = undefined;
      if (done === true) this.done = true;
      this.passTurn();
      return done === true ? undefined : { item: value, index };
    } catch (error) {
      // Cancelled, it leaves a step under way: `close()` sees to that.
      if (!isCancelled(error)) this.step = undefined;
      this.done = true;
      this.passTurn();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { step } = this;
    if (this.done && step === undefined) {
      this.scope.end();
      return;
    }
    this.done = true;
    // From here on its waits are those of whoever closes it, and awaits that.
    this.scope.task = ambient.getStore()?.task;
    if (step !== undefined) this.scope.cancel("mapConcurrent() was left");
    const closing = ambient.run(this.scope, async () => this.iterator.return?.());
    // Awaited below, or abandoned with the step.
    closing.catch(() => {});
    try {
      if (step === undefined || (await this.unwinds(step))) await closing;
    } catch (error) {
      if (!isCancelled(error)) throw error;
    } finally {
      this.scope.end();
    }
  }

  /** Hands the turn to whoever has waited longest; at the end everybody hears of it. */
  private passTurn(): undefined {
    if (this.done) {
      this.pulling = false;
      this.turns.resumeAll();
    } else if (this.turns.first === undefined) this.pulling = false;
    else this.turns.first.resume();
  }

  /**
   * Waits for a cancelled step, which may have cleanup to do. False if it is still under way after a
   * turn although nothing of ours runs in it: what is awaited there is foreign, and may never come.
   */
  private async unwinds(step: Promise<unknown>): Promise<boolean> {
    let over = false;
    const settled = step.then(
      () => {
        over = true;
      },
      (error: unknown) => {
        over = true;
        if (!isCancelled(error)) throw error;
      },
    );
    await Promise.race([settled, new Promise<void>((resolve) => nextTurn(resolve))]);
    const { firstChild, firstWait } = this.scope;
    if (!over && firstChild === undefined && firstWait === undefined) {
      settled.catch(() => {});
      return false;
    }
    await settled;
    return true;
  }
}
