import { BrokenResourceError, ClosedResourceError, type SendStream } from "anywhen";
import { AssertionError } from "../assertion-error.ts";
import { type Attempt, settle } from "./attempt.ts";
import { type Bench, moments } from "./bench.ts";
import type { StreamRule } from "./check-streams.ts";

/** A stream to send to, and what a test needs to know of where its items go. */
export interface SendSubject<T> {
  /** The stream that is checked. */
  stream: SendStream<T>;
  /** Takes the next item that came out at the other end, or waits for one. */
  take(): T | PromiseLike<T>;
  /** Closes the other end, so that nobody will take anything. Without it M5 is not checked. */
  leave?(): unknown;
  /** Lets go of what else was made. */
  dispose?(): unknown;
}

type Sending = Bench<SendSubject<unknown>, unknown>;
type Subject = SendSubject<unknown>;

const isClosed = (error: unknown): boolean => error instanceof ClosedResourceError;
const isBroken = (error: unknown): boolean => error instanceof BrokenResourceError;

function send(bench: Sending, { stream }: Subject, n: number): Attempt<void> {
  return bench.call(`send() of item ${n}`, () => stream.send(bench.item(n)));
}

/** Takes what comes until item `last`, as numbers; 0 for what the bench has not sent. */
async function takenUntil(bench: Sending, subject: Subject, last: number): Promise<number[]> {
  const taken: number[] = [];
  while (taken.at(-1) !== last) {
    const item = await bench.call("take()", () => subject.take()).value();
    taken.push([1, 2, 3].find((n) => bench.isSame(item, n)) ?? 0);
    if (taken.length > mostTaken) {
      throw new AssertionError(
        `expected item ${last} to come out at the other end, got ${mostTaken} others`,
      );
    }
  }
  return taken;
}

/** More than any stream has in store that was made for a test. */
const mostTaken = 10_000;

/** Sends `last`, and finds out which of the items before it came out: exactly `expected`. */
async function cameOut(
  bench: Sending,
  subject: Subject,
  last: number,
  ...expected: number[]
): Promise<void> {
  const sending = send(bench, subject, last);
  const taken = (await takenUntil(bench, subject, last)).filter((n) => n !== 0);
  await sending.value();
  if (taken.join() === [...expected, last].join()) return;
  throw new AssertionError(
    `expected items ${[...expected, last].join(", ")} to come out at the other end, got ${taken.join(", ")}`,
  );
}

/** What is true of every `SendStream`. */
export const sendStreamRules: readonly StreamRule<Sending>[] = [
  {
    rule: "K1",
    title: "send() in a cancelled scope throws Cancelled, and nothing comes out [K2]",
    async check(bench) {
      const subject = await bench.make();
      const { stream } = subject;
      await bench.cancelled("send()", () => stream.send(bench.item(1))).throwsCancelled();
      await cameOut(bench, subject, 2);
    },
  },
  {
    rule: "M2",
    title: "items come out in the order in which they were sent",
    async check(bench) {
      const subject = await bench.make();
      const { stream } = subject;
      const sending = bench.call("send()", async () => {
        for (const n of [1, 2, 3, 4, 5]) await stream.send(bench.item(n));
      });
      for (const n of [1, 2, 3, 4, 5]) {
        bench.isItem("what came out", await bench.call("take()", () => subject.take()).value(), n);
      }
      await sending.value();
    },
  },
  {
    rule: "M2",
    title: "of several at once the first is served first, or all but one are told that it is busy",
    check: servesInOrder,
  },
  {
    rule: "M5",
    title: "when nobody can take anything any more, send() throws BrokenResourceError",
    needs: "leave()",
    async check(bench) {
      const subject = await bench.make();
      const { stream } = subject;
      await bench.call("leave()", () => subject.leave?.()).value();
      // Between two machines the first ones may still be on their way.
      const sending = bench.call("send(), again and again,", async () => {
        for (let again = 0; again < mostTaken; again++) await stream.send(bench.item(1));
      });
      await sending.throws("BrokenResourceError", isBroken);
      await send(bench, subject, 1).throws("BrokenResourceError", isBroken);
    },
  },
  {
    rule: "M6",
    title: "send() to a closed stream throws ClosedResourceError",
    async check(bench) {
      const subject = await bench.make();
      await bench.call("close()", () => subject.stream.close()).value();
      await send(bench, subject, 1).throws("ClosedResourceError", isClosed);
    },
  },
  {
    rule: "M6",
    title: "closing twice is fine, and so is leaving `await using` after it",
    async check(bench) {
      const { stream } = await bench.make();
      await bench.call("close()", () => stream.close()).value();
      await bench.call("the second close()", () => stream.close()).value();
      await bench.call("[Symbol.asyncDispose]()", () => stream[Symbol.asyncDispose]()).value();
    },
  },
  {
    rule: "M6",
    title: "leaving `await using` closes the stream",
    async check(bench) {
      const subject = await bench.make();
      const { stream } = subject;
      await bench.call("[Symbol.asyncDispose]()", () => stream[Symbol.asyncDispose]()).value();
      await send(bench, subject, 1).throws("ClosedResourceError", isClosed);
    },
  },
  {
    rule: "K3",
    title: "close() takes effect at once, before its promise resolves",
    async check(bench) {
      const subject = await bench.make();
      const { stream } = subject;
      bench.call("close()", () => stream.close());
      await send(bench, subject, 1).throws("ClosedResourceError", isClosed);
    },
  },
  {
    rule: "K3",
    title: "close() in a cancelled scope closes the stream",
    async check(bench) {
      const subject = await bench.make();
      const { stream } = subject;
      await bench.cancelled("close()", () => stream.close()).wasCancelled();
      await send(bench, subject, 1).throws("ClosedResourceError", isClosed);
    },
  },
];

/** What is true of a `SendStream` in which a `send()` has to wait. */
export const cloggedStreamRules: readonly StreamRule<Sending>[] = [
  {
    rule: "K1",
    title:
      "send() that waits throws Cancelled when its scope is cancelled, and nothing comes out [K2]",
    async check(bench) {
      const subject = await bench.make();
      const waiting = await waitingSend(bench, subject);
      waiting.scope.cancel("a test");
      await waiting.throwsCancelled();
      await cameOut(bench, subject, 2);
    },
  },
  {
    rule: "K2",
    title: "send() that is cancelled while room comes either has sent its item or has not [M5a]",
    async check(bench) {
      for (const moment of moments) {
        const subject = await bench.make();
        const waiting = await waitingSend(bench, subject);
        const taking = bench.call("take()", () => subject.take());
        await moment();
        waiting.scope.cancel("a test");
        const cancelled = await waiting.wasCancelled();
        const sending = send(bench, subject, 2);
        const first = await taking.value();
        const taken = [1, 2].find((n) => bench.isSame(first, n)) ?? 0;
        const rest = taken === 2 ? [] : await takenUntil(bench, subject, 2);
        await sending.value();
        const came = [taken, ...rest].filter((n) => n === 1).length;
        if (came === (cancelled ? 0 : 1)) continue;
        throw new AssertionError(
          cancelled
            ? "expected the item of a send() that threw Cancelled not to come out, it did"
            : `expected the item of a send() that returned to come out once, it came ${came} times`,
        );
      }
    },
  },
  {
    rule: "M2",
    title:
      "those who wait are served first come, first served, or all but one are told that it is busy",
    check: servesInOrder,
  },
  {
    rule: "M5",
    title: "when nobody can take anything any more, send() that waits throws BrokenResourceError",
    needs: "leave()",
    async check(bench) {
      const subject = await bench.make();
      const waiting = await waitingSend(bench, subject);
      bench.call("leave()", () => subject.leave?.());
      await waiting.throws("BrokenResourceError", isBroken);
    },
  },
  {
    rule: "M7",
    title: "closing the stream makes send() that waits throw ClosedResourceError",
    async check(bench) {
      const subject = await bench.make();
      const waiting = await waitingSend(bench, subject);
      bench.call("close()", () => subject.stream.close());
      await waiting.throws("ClosedResourceError", isClosed);
    },
  },
];

async function waitingSend(bench: Sending, subject: Subject): Promise<Attempt<void>> {
  const waiting = send(bench, subject, 1);
  await waiting.waits();
  return waiting;
}

async function servesInOrder(bench: Sending): Promise<void> {
  const subject = await bench.make();
  const calls = [1, 2, 3].map((n) => send(bench, subject, n));
  await settle();
  const served = [1, 2, 3].filter((n) => calls[n - 1]?.refusedAsBusy === false);
  const last = served.at(-1) ?? 1;
  const taken = (await takenUntil(bench, subject, last)).filter((n) => n !== 0);
  if (taken.join() !== served.join()) {
    throw new AssertionError(
      `expected items ${served.join(", ")} to come out in this order, got ${taken.join(", ")}`,
    );
  }
  for (const n of served) await calls[n - 1]?.value();
}
