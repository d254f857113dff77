import { inRun } from "../in-run.ts";
import type { CheckArguments } from "./bench.ts";
import type { ReceiveStream, SendStream } from "anywhen";
import { checkReceiving, type ReceiveCheckOptions } from "./check-receive-stream.ts";
import { checkSending } from "./check-send-stream.ts";
import type { StreamReport } from "./check-streams.ts";
import type { ReceiveSubject } from "./receive-stream-rules.ts";
import type { SendSubject } from "./send-stream-rules.ts";
import { checkMaker, checkStreamOf } from "./subject-check.ts";

type Make<T> = () =>
  | readonly [SendStream<T>, ReceiveStream<T>]
  | PromiseLike<readonly [SendStream<T>, ReceiveStream<T>]>;

/** How `checkStreamPair()` goes about it. */
export interface PairCheckOptions<T> extends ReceiveCheckOptions<T> {
  /** Makes a pair in which the next `send()` has to wait: see `SendCheckOptions.clogged`. */
  clogged?: Make<T>;
}

/**
 * Checks both ends of a stream of yours, each by means of the other: `checkSendStream()`, then
 * `checkReceiveStream()`. After Trio's `check_one_way_stream`.
 *
 * @throws AssertionError that names each rule that is broken, and how; TypeError for a `make` that makes
 * no such pair
 *
 * @example
 * await checkStreamPair(() => connect({ capacity: 5 }), { clogged: () => connect({ capacity: 0 }) });
 */
export async function checkStreamPair<T>(
  make: Make<T>,
  ...[options = {}]: CheckArguments<T, PairCheckOptions<T>>
): Promise<StreamReport> {
  const caller = "checkStreamPair()";
  checkMaker(make, options, caller);
  const { clogged, ...others } = options;
  if (clogged !== undefined) checkMaker(clogged, options, `${caller}: clogged`);
  return inRun(async () => {
    await checkPairOf(make, caller);
    if (clogged !== undefined) await checkPairOf(clogged, `${caller}: clogged`);
    const sender = `${caller}: the send stream`;
    const sending = await checkSending(
      sender,
      senderOf(make),
      { ...others, ...(clogged && { clogged: senderOf(clogged) }) },
      true,
    );
    // That a source breaks without saying so is for checkReceiveStream().
    const receiver = `${caller}: the receive stream`;
    const receiving = await checkReceiving(receiver, receiverOf(make), others, false);
    return {
      checked: [...sending.checked, ...receiving.checked],
      skipped: [...sending.skipped, ...receiving.skipped],
    };
  }, caller);
}

function senderOf(make: Make<unknown>) {
  return async (): Promise<SendSubject<unknown>> => {
    const [stream, receive] = await make();
    return {
      stream,
      take: () => receive.receive(),
      leave: () => receive.close(),
      dispose: () => receive.close(),
    };
  };
}

function receiverOf(make: Make<unknown>) {
  return async (): Promise<ReceiveSubject<unknown>> => {
    const [send, stream] = await make();
    return {
      stream,
      put: (item) => send.send(item),
      end: () => send.close(),
      dispose: () => send.close(),
    };
  };
}

/** @throws TypeError unless it makes pairs */
async function checkPairOf(make: Make<unknown>, caller: string): Promise<void> {
  const pair: unknown = await make();
  if (!Array.isArray(pair)) checkStreamOf(pair, "[send, receive]", ["at"], caller);
  const [send, receive] = pair as [SendStream<unknown>, ReceiveStream<unknown>];
  checkStreamOf(send, "a send stream first", ["send", "close"], caller);
  checkStreamOf(receive, "a receive stream second", ["receive", "close"], caller);
  await Promise.allSettled([send.close(), receive.close()]);
}
