import { inRun } from "../in-run.ts";
import { Bench, type CheckArguments, type StreamCheckOptions } from "./bench.ts";
import { checkStreams, type StreamReport } from "./check-streams.ts";
import { cloggedStreamRules, type SendSubject, sendStreamRules } from "./send-stream-rules.ts";
import { checkMaker, checkSubject } from "./subject-check.ts";

type Make<T> = () => SendSubject<T> | PromiseLike<SendSubject<T>>;

/** How `checkSendStream()` goes about it. */
export interface SendCheckOptions<T> extends StreamCheckOptions<T> {
  /**
   * Makes a stream in which the next `send()` has to wait until something is taken, for example one whose
   * buffer you have filled, with other items than `item(1)` to `item(3)`. Without it the rules for sends
   * that wait are not checked.
   */
  clogged?: Make<T>;
}

/**
 * Checks that a stream of yours keeps the rules of every `SendStream`: K1 to K3, M2, M5 to M7. `make` is
 * called for each rule, some ask for several streams. Resolves with what was checked and what could not
 * be. Outside every task the check has a run of its own on the default backend; wrap it in `run()` for
 * another one.
 *
 * @throws AssertionError that names each rule that is broken, and how; TypeError for a `make` that makes
 * no such stream
 *
 * @example
 * await checkSendStream(() => {
 *   const [socket, peer] = socketPair();
 *   return { stream: new Messages(socket), take: () => peer.read(), leave: () => peer.destroy() };
 * });
 */
export async function checkSendStream<T>(
  make: Make<T>,
  ...[options = {}]: CheckArguments<T, SendCheckOptions<T>>
): Promise<StreamReport> {
  const caller = "checkSendStream()";
  const { clogged } = options;
  checkMaker(make, options, caller);
  if (clogged !== undefined) checkMaker(clogged, options, `${caller}: clogged`);
  return inRun(async () => {
    const first = await firstOf(make, options, caller);
    if (clogged !== undefined) await firstOf(clogged, options, `${caller}: clogged`);
    return checkSending(caller, make, options, first.leave !== undefined);
  }, caller);
}

/** What a maker makes shows what it can be used for. */
async function firstOf(
  make: Make<unknown>,
  options: SendCheckOptions<unknown>,
  caller: string,
): Promise<SendSubject<unknown>> {
  const bench = new Bench(make, dispose, options);
  const subject = await bench.make();
  checkSubject(subject, ["send", "close"], ["take"], caller);
  await bench.clear();
  return subject;
}

/** For makers that have been checked. */
export function checkSending(
  caller: string,
  make: Make<unknown>,
  options: SendCheckOptions<unknown>,
  canLeave: boolean,
): Promise<StreamReport> {
  const { clogged } = options;
  return checkStreams(caller, [...sendStreamRules, ...cloggedStreamRules], (rule) => {
    if (rule.needs === "leave()" && !canLeave) return rule.needs;
    const maker = cloggedStreamRules.includes(rule) ? clogged : make;
    return maker === undefined ? "clogged" : new Bench(maker, dispose, options);
  });
}

async function dispose(subject: SendSubject<unknown>): Promise<void> {
  await Promise.allSettled([subject.stream.close(), subject.dispose?.()]);
}
