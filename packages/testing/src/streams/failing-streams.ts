import { BrokenResourceError, checkpoint, type ReceiveStream, type SendStream } from "anywhen";
import { shown } from "../shown.ts";
import { iteratorOf } from "./receive-iterator.ts";

/** Which call of a failing stream fails, and how. */
export interface FailureOptions {
  /** The call that fails, counted from 1. */
  onCall: number;
  /**
   * What it throws, the same each time. Default a `BrokenResourceError`; `new EndOfStream("…")` makes
   * a receive stream end early.
   */
  error?: unknown;
  /** Only that call fails, the next ones get through. Default false: from there on every call fails. */
  once?: boolean;
}

/** Counts calls and says which of them are to fail. */
class Failure {
  readonly #options: FailureOptions;
  #calls = 0;

  constructor(options: FailureOptions, caller: string) {
    const onCall: unknown = options?.onCall;
    if (!Number.isInteger(onCall) || (onCall as number) < 1) {
      throw new RangeError(`${caller}: onCall is a call counted from 1, got ${shown(onCall)}`);
    }
    this.#options = options;
  }

  /** A checkpoint where it fails, so that a cancelled call throws `Cancelled` there, too. [K1] */
  async pass(): Promise<void> {
    const { onCall, once = false, error } = this.#options;
    const call = ++this.#calls;
    if (call < onCall || (once && call > onCall)) return;
    await checkpoint();
    throw error ?? new BrokenResourceError(`this test stream breaks on call ${onCall}`);
  }
}

/**
 * A stream that sends to `target` until call `onCall`, which fails without an effect; so do all later
 * ones, unless `once` is true.
 *
 * @throws RangeError if `onCall` is no positive integer
 *
 * @example
 * await using send = failingSendStream(target, { onCall: 3 });
 */
export function failingSendStream<T>(
  target: SendStream<T>,
  options: FailureOptions,
): SendStream<T> {
  const failure = new Failure(options, "failingSendStream()");
  return {
    async send(item) {
      await failure.pass();
      await target.send(item);
    },
    close: () => target.close(),
    [Symbol.asyncDispose]: () => target.close(),
  };
}

/**
 * A stream that receives from `source` until call `onCall`, which fails and takes nothing; so do all
 * later ones, unless `once` is true: then the next call gets the item.
 *
 * @throws RangeError if `onCall` is no positive integer
 *
 * @example
 * const receive = failingReceiveStream(source, { onCall: 2, error: new EndOfStream("cut off") });
 */
export function failingReceiveStream<T>(
  source: ReceiveStream<T>,
  options: FailureOptions,
): ReceiveStream<T> {
  const failure = new Failure(options, "failingReceiveStream()");
  const receive = async (): Promise<T> => {
    await failure.pass();
    return source.receive();
  };
  return {
    receive,
    close: () => source.close(),
    [Symbol.asyncDispose]: () => source.close(),
    [Symbol.asyncIterator]: () => iteratorOf({ receive }),
  };
}
