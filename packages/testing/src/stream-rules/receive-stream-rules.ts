import { ClosedResourceError, EndOfStream, isCancelled, type ReceiveStream } from "anywhen";
import { AssertionError } from "../assertion-error.ts";
import { shown } from "../shown.ts";
import { type Attempt, settle } from "./attempt.ts";
import { type Bench, moments } from "./bench.ts";
import type { StreamRule } from "./check-streams.ts";

/** A stream to receive from, and what a test needs to know of where its items come from. */
export interface ReceiveSubject<T> {
  /** The stream that is checked. */
  stream: ReceiveStream<T>;
  /** Makes an item come. It may wait until the item is taken. */
  put(item: T): unknown;
  /** Ends the source, after the items that were put. */
  end(): unknown;
  /** Breaks the source, so that no item comes any more and nothing said so. Without it M5 is not checked. */
  fail?(): unknown;
  /** Lets go of what else was made. */
  dispose?(): unknown;
}

type Receiving = Bench<ReceiveSubject<unknown>, unknown>;

const isClosed = (error: unknown): boolean => error instanceof ClosedResourceError;
const isEnd = (error: unknown): boolean => error instanceof EndOfStream;

function receive(bench: Receiving, { stream }: ReceiveSubject<unknown>): Attempt<unknown> {
  return bench.call("receive()", () => stream.receive());
}

/** Puts items in the background, one after the other. */
function put(bench: Receiving, subject: ReceiveSubject<unknown>, ...items: number[]): void {
  bench.call("put()", async () => {
    for (const n of items) await subject.put(bench.item(n));
  });
}

/** Puts items and the end after them. */
function putAll(bench: Receiving, subject: ReceiveSubject<unknown>, ...items: number[]): void {
  bench.call("put()", async () => {
    for (const n of items) await subject.put(bench.item(n));
    await subject.end();
  });
}

async function receives(
  bench: Receiving,
  subject: ReceiveSubject<unknown>,
  ...items: number[]
): Promise<void> {
  for (const n of items) {
    bench.isItem("what receive() returns", await receive(bench, subject).value(), n);
  }
}

/** More than any source of a check gives: a stream that misses its end may go on for ever. */
const mostItems = 1_000;

async function loopOver(stream: ReceiveStream<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) if (items.push(item) === mostItems) break;
  return items;
}

/** What is true of every `ReceiveStream`. `leaving`: what becomes of one whose loop is left early. */
export function receiveStreamRules(leaving: "open" | "closed"): StreamRule<Receiving>[] {
  return [
    {
      rule: "K1",
      title:
        "receive() in a cancelled scope throws Cancelled although an item is there, and takes none",
      async check(bench) {
        const subject = await bench.make();
        put(bench, subject, 1, 2);
        const { stream } = subject;
        await bench.cancelled("receive()", () => stream.receive()).throwsCancelled();
        await receives(bench, subject, 1, 2);
      },
    },
    {
      rule: "K1",
      title: "receive() that waits throws Cancelled when its scope is cancelled",
      async check(bench) {
        const subject = await bench.make();
        const waiting = receive(bench, subject);
        await waiting.waits();
        waiting.scope.cancel("a test");
        await waiting.throwsCancelled();
      },
    },
    {
      rule: "K1",
      title: "a loop in a cancelled scope throws Cancelled, it does not just end",
      async check(bench) {
        const { stream } = await bench.make();
        await bench.cancelled("a loop", () => loopOver(stream)).throwsCancelled();
      },
    },
    {
      rule: "K2",
      title: "an item that comes after receive() was cancelled goes to the next one",
      async check(bench) {
        const subject = await bench.make();
        const waiting = receive(bench, subject);
        await waiting.waits();
        waiting.scope.cancel("a test");
        put(bench, subject, 1, 2);
        await waiting.throwsCancelled();
        await receives(bench, subject, 1, 2);
      },
    },
    {
      rule: "K2",
      title: "receive() that is cancelled while an item comes either returns it or leaves it [M3]",
      async check(bench) {
        for (const moment of moments) {
          const subject = await bench.make();
          const waiting = receive(bench, subject);
          await waiting.waits();
          put(bench, subject, 1, 2);
          await moment();
          waiting.scope.cancel("a test");
          if (await waiting.wasCancelled()) await receives(bench, subject, 1, 2);
          else {
            bench.isItem("what receive() returns", await waiting.value(), 1);
            await receives(bench, subject, 2);
          }
        }
      },
    },
    {
      rule: "M2",
      title: "items come in the order in which they were put",
      async check(bench) {
        const subject = await bench.make();
        put(bench, subject, 1, 2, 3, 4, 5);
        await receives(bench, subject, 1, 2, 3, 4, 5);
      },
    },
    {
      rule: "M2",
      title:
        "those who wait are served first come, first served, or all but one are told that it is busy",
      async check(bench) {
        const subject = await bench.make();
        const calls = [1, 2, 3].map(() => receive(bench, subject));
        await settle();
        const waiting = calls.filter(({ refusedAsBusy }) => !refusedAsBusy);
        put(bench, subject, 1, 2, 3);
        for (const [index, call] of waiting.entries()) {
          const which = `what receive() number ${index + 1} of ${waiting.length} that wait returns`;
          bench.isItem(which, await call.value(), index + 1);
        }
      },
    },
    {
      rule: "M4",
      title: "after the last item every receive() throws EndOfStream, for ever",
      async check(bench) {
        const subject = await bench.make();
        putAll(bench, subject, 1, 2);
        await receives(bench, subject, 1, 2);
        for (let again = 0; again < 3; again++) {
          await receive(bench, subject).throws("EndOfStream", isEnd);
        }
      },
    },
    {
      rule: "M4",
      title: "receive() that waits throws EndOfStream when the source ends",
      async check(bench) {
        const subject = await bench.make();
        const waiting = receive(bench, subject);
        await waiting.waits();
        bench.call("end()", () => subject.end());
        await waiting.throws("EndOfStream", isEnd);
      },
    },
    {
      rule: "M5",
      title: "when the source breaks, waiting and later receive() throw what says so, for ever",
      needs: "fail()",
      async check(bench) {
        const subject = await bench.make();
        const waiting = receive(bench, subject);
        await waiting.waits();
        bench.call("fail()", () => subject.fail?.());
        for (const call of [waiting, receive(bench, subject), receive(bench, subject)]) {
          await call.throws(
            "BrokenResourceError, or the source's error",
            (error) => !isEnd(error) && !isClosed(error) && !isCancelled(error),
          );
        }
      },
    },
    {
      rule: "M6",
      title: "receive() of a closed stream throws ClosedResourceError, also if items are left",
      async check(bench) {
        const subject = await bench.make();
        put(bench, subject, 1, 2);
        await receives(bench, subject, 1);
        const { stream } = subject;
        await bench.call("close()", () => stream.close()).value();
        await receive(bench, subject).throws("ClosedResourceError", isClosed);
      },
    },
    {
      rule: "M6",
      title: "a loop over a closed stream throws ClosedResourceError, it does not just end",
      async check(bench) {
        const { stream } = await bench.make();
        await bench.call("close()", () => stream.close()).value();
        await bench.call("a loop", () => loopOver(stream)).throws("ClosedResourceError", isClosed);
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
        await receive(bench, subject).throws("ClosedResourceError", isClosed);
      },
    },
    {
      rule: "K3",
      title: "close() takes effect at once, before its promise resolves",
      async check(bench) {
        const subject = await bench.make();
        put(bench, subject, 1, 2);
        await receives(bench, subject, 1);
        const { stream } = subject;
        bench.call("close()", () => stream.close());
        await receive(bench, subject).throws("ClosedResourceError", isClosed);
      },
    },
    {
      rule: "K3",
      title: "close() in a cancelled scope closes the stream",
      async check(bench) {
        const subject = await bench.make();
        const { stream } = subject;
        await bench.cancelled("close()", () => stream.close()).wasCancelled();
        await receive(bench, subject).throws("ClosedResourceError", isClosed);
      },
    },
    {
      rule: "M7",
      title: "closing the stream makes receive() that waits throw ClosedResourceError",
      async check(bench) {
        const subject = await bench.make();
        const waiting = receive(bench, subject);
        await waiting.waits();
        const { stream } = subject;
        bench.call("close()", () => stream.close());
        await waiting.throws("ClosedResourceError", isClosed);
      },
    },
    {
      rule: "M8",
      title: "a loop gets every item and ends where the stream does",
      async check(bench) {
        const subject = await bench.make();
        putAll(bench, subject, 1, 2, 3);
        const items = await bench.call("a loop", () => loopOver(subject.stream)).value();
        for (const n of [1, 2, 3]) bench.isItem(`item ${n} of a loop`, items[n - 1], n);
        if (items.length === 3) return;
        throw new AssertionError(
          `expected a loop to end after 3 items, got ${shown(items[3])} after them`,
        );
      },
    },
    {
      rule: "M8",
      title:
        leaving === "open"
          ? "leaving a loop early leaves the stream open for what follows"
          : "leaving a loop early closes the stream",
      async check(bench) {
        const subject = await bench.make();
        put(bench, subject, 1, 2);
        const loop = bench.call("a loop that is left after one item", async () => {
          for await (const item of subject.stream) return item;
          return undefined;
        });
        bench.isItem("the first item of a loop", await loop.value(), 1);
        if (leaving === "open") await receives(bench, subject, 2);
        else await receive(bench, subject).throws("ClosedResourceError", isClosed);
      },
    },
  ];
}
