import { memoryStream, type MemoryReceiveStream, type MemorySendStream } from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";

/** The two ends of a memory stream of numbers. */
export interface Ends {
  readonly send: MemorySendStream<number>;
  readonly receive: MemoryReceiveStream<number>;
}

/** A case on a memory stream, in a run; both ends are closed afterwards. */
export function onStream(
  id: string,
  title: string,
  capacity: number,
  body: (t: CaseContext, ends: Ends) => Promise<void>,
): Case {
  return timeless(id, title, (t) => t.run(() => withStream(capacity, (ends) => body(t, ends))));
}

/** Runs `body` with a memory stream, and closes both ends. */
export async function withStream(
  capacity: number,
  body: (ends: Ends) => Promise<void>,
): Promise<void> {
  const [send, receive] = memoryStream<number>(capacity);
  try {
    await body({ send, receive });
  } finally {
    await send.close();
    await receive.close();
  }
}

/** Awaits a call and logs what came of it: "a: 1", or "a threw Cancelled". Never throws. */
export async function noted(
  t: CaseContext,
  name: string,
  call: Promise<number | string | void>,
): Promise<void> {
  try {
    const value = await call;
    t.log.push(value === undefined ? `${name} returned` : `${name}: ${value}`);
  } catch (error) {
    t.log.push(`${name} threw ${(error as Error).name}`);
  }
}

/** All six numbers of `statistics()`; those that are not named are expected to be zero, ends to be open once each. */
export function expectStatistics(
  t: CaseContext,
  { send, receive }: Ends,
  expected: {
    readonly used?: number;
    readonly max?: number;
    readonly senders?: number;
    readonly receivers?: number;
    readonly waitingSend?: number;
    readonly waitingReceive?: number;
  },
  when?: string,
): void {
  const { used = 0, max = 0, senders = 1, receivers = 1 } = expected;
  const { waitingSend = 0, waitingReceive = 0 } = expected;
  const numbers = {
    currentBufferUsed: used,
    maxBufferSize: max,
    openSendStreams: senders,
    openReceiveStreams: receivers,
    tasksWaitingSend: waitingSend,
    tasksWaitingReceive: waitingReceive,
  };
  const demand = when === undefined ? "statistics()" : `statistics() ${when}`;
  t.equal({ ...send.statistics() }, numbers, `${demand}, asked of the send end`);
  t.equal({ ...receive.statistics() }, numbers, `${demand}, asked of the receive end`);
}
