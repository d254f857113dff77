import { inRun } from "../in-run.ts";
import { Bench, type CheckArguments, type StreamCheckOptions } from "./bench.ts";
import { checkStreams, type StreamReport } from "./check-streams.ts";
import { type ReceiveSubject, receiveStreamRules } from "./receive-stream-rules.ts";
import { checkMaker, checkSubject } from "./subject-check.ts";

/** How `checkReceiveStream()` goes about it. */
export interface ReceiveCheckOptions<T> extends StreamCheckOptions<T> {
  /**
   * What leaving a loop over the stream early does to it: "open", the default and the rule [M8], leaves
   * it as it is; "closed" is for streams that say so, such as those of `fromReadable()`.
   */
  afterLoop?: "open" | "closed";
}

type Make<T> = () => ReceiveSubject<T> | PromiseLike<ReceiveSubject<T>>;

/**
 * Checks that a stream of yours keeps the rules of every `ReceiveStream`: K1 to K3, M2 to M8. `make` is
 * called for each rule, some ask for several streams. Resolves with what was checked and what could not
 * be. Outside every task the check has a run of its own on the default backend; wrap it in `run()` for
 * another one.
 *
 * @throws AssertionError that names each rule that is broken, and how; TypeError for a `make` that makes
 * no such stream
 *
 * @example
 * await checkReceiveStream(() => {
 *   const [socket, peer] = socketPair();
 *   return { stream: new Messages(socket), put: (n) => peer.write(n), end: () => peer.end() };
 * });
 */
export async function checkReceiveStream<T>(
  make: Make<T>,
  ...[options = {}]: CheckArguments<T, ReceiveCheckOptions<T>>
): Promise<StreamReport> {
  const caller = "checkReceiveStream()";
  checkMaker(make, options, caller);
  return inRun(async () => {
    // What it makes shows what it can be used for.
    const bench = new Bench(make, dispose, options);
    const subject = await bench.make();
    checkSubject(subject, ["receive", "close"], ["put", "end"], caller);
    await bench.clear();
    return checkReceiving(caller, make, options, subject.fail !== undefined);
  }, caller);
}

/** For a maker that has been checked. */
export function checkReceiving(
  caller: string,
  make: Make<unknown>,
  options: ReceiveCheckOptions<unknown>,
  canFail: boolean,
): Promise<StreamReport> {
  return checkStreams(caller, receiveStreamRules(options.afterLoop ?? "open"), ({ needs }) =>
    needs !== undefined && !canFail ? needs : new Bench(make, dispose, options),
  );
}

async function dispose(subject: ReceiveSubject<unknown>): Promise<void> {
  await Promise.allSettled([subject.stream.close(), subject.dispose?.()]);
}
