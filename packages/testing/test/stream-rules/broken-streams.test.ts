import { withVirtualClock } from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import {
  checkpoint,
  currentScope,
  detached,
  EndOfStream,
  Event,
  type MemoryReceiveStream,
  type MemorySendStream,
  memoryStream,
  moveOnAfter,
  type ReceiveStream,
  run,
  type SendStream,
  shield,
  WouldBlock,
} from "anywhen";
import { describe, expect, test } from "vitest";
import { checkReceiveStream, checkSendStream, type StreamReport } from "../../src/index.ts";
import { caught } from "../caught.ts";

/** In virtual time, so that what never ends is found out at once. */
function inVirtualTime<T>(check: () => Promise<T>): Promise<T> {
  return run(check, { backend: withVirtualClock(promiseBackend()) });
}

/** A stream that keeps the rules, to be broken in one way each. */
class Receiver implements ReceiveStream<number> {
  protected readonly inner: MemoryReceiveStream<number>;
  constructor(inner: MemoryReceiveStream<number>) {
    this.inner = inner;
  }
  receive(): Promise<number> {
    return this.inner.receive();
  }
  close(): Promise<void> {
    return this.inner.close();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<number, undefined> {
    for (;;) {
      try {
        yield await this.receive();
      } catch (error) {
        if (error instanceof EndOfStream) return;
        throw error;
      }
    }
  }
}

function checkReceiver(Stream: typeof Receiver): Promise<StreamReport> {
  const make = () => {
    const [send, receive] = memoryStream<number>(Infinity);
    return {
      stream: new Stream(receive),
      put: (item: number) => send.sendNowait(item),
      end: () => send.close(),
      dispose: () => Promise.all([send.close(), receive.close()]),
    };
  };
  return inVirtualTime(() => checkReceiveStream(make));
}

/** The lines of a failure that name rules. */
function rulesIn({ message }: Error): string[] {
  return message.split("\n").filter((line) => /^ {2}[A-Z]\d/.test(line));
}

const brokenReceivers: [string, typeof Receiver, RegExp[]][] = [
  [
    "that takes what is there in a cancelled scope",
    class extends Receiver {
      override async receive() {
        try {
          return this.inner.receiveNowait();
        } catch (error) {
          if (!(error instanceof WouldBlock)) throw error;
          return this.inner.receive();
        }
      }
    },
    [/K1: receive\(\) in a cancelled scope throws Cancelled although an item is there/],
  ],
  [
    "that cannot be cancelled while it waits",
    class extends Receiver {
      override async receive() {
        await checkpoint();
        return shield(() => this.inner.receive());
      }
    },
    [/K1: receive\(\) that waits throws Cancelled when its scope is cancelled/],
  ],
  [
    "whose loop takes cancellation for the end",
    class extends Receiver {
      override async *[Symbol.asyncIterator](): AsyncGenerator<number, undefined> {
        try {
          for (;;) yield await this.receive();
        } catch {
          return;
        }
      }
    },
    [
      /K1: a loop in a cancelled scope throws Cancelled, it does not just end/,
      /M6: a loop over a closed stream throws ClosedResourceError, it does not just end/,
    ],
  ],
  [
    "that loses the item which comes while it is cancelled",
    class extends Receiver {
      override async receive() {
        const item = await this.inner.receive();
        await checkpoint();
        return item;
      }
    },
    [/K2: receive\(\) that is cancelled while an item comes either returns it or leaves it/],
  ],
  [
    "that keeps asking for an item after it was cancelled, and drops it",
    class extends Receiver {
      override async receive() {
        await checkpoint();
        const arrived = new Event();
        const asked = detached(() => this.inner.receive()).finally(() => arrived.set());
        asked.catch(() => {});
        await arrived.wait();
        return asked;
      }
    },
    [/K2: an item that comes after receive\(\) was cancelled goes to the next one/],
  ],
  [
    "that hands its items out in pairs, the second first",
    class extends Receiver {
      #held: number[] = [];
      override async receive() {
        const held = this.#held.shift();
        if (held !== undefined) return held;
        const first = await this.inner.receive();
        try {
          const second = this.inner.receiveNowait();
          this.#held.push(first);
          return second;
        } catch {
          return first;
        }
      }
    },
    [/M2: items come in the order in which they were put/],
  ],
  [
    "that forgets the first of two that wait",
    class extends Receiver {
      #giveUp = new Event();
      override async receive() {
        this.#giveUp.set();
        const mine = (this.#giveUp = new Event());
        const item = await moveOnAfter(Infinity, async (scope) => {
          void mine.wait().then(
            () => scope.cancel(),
            () => {},
          );
          return this.inner.receive();
        });
        return item ?? -1;
      }
    },
    [/M2: those who wait are served first come, first served/],
  ],
  [
    "that ends once and then waits for ever",
    class extends Receiver {
      #ended = false;
      override async receive() {
        if (this.#ended) await new Event().wait();
        try {
          return await this.inner.receive();
        } catch (error) {
          this.#ended = error instanceof EndOfStream;
          throw error;
        }
      }
    },
    [/M4: after the last item every receive\(\) throws EndOfStream, for ever/],
  ],
  [
    "that returns undefined at its end",
    class extends Receiver {
      override async receive() {
        try {
          return await this.inner.receive();
        } catch (error) {
          if (error instanceof EndOfStream) return undefined as never;
          throw error;
        }
      }
    },
    [
      /M4: after the last item every/,
      /M4: receive\(\) that waits throws EndOfStream when the source ends/,
      /M8: a loop gets every item and ends where the stream does/,
    ],
  ],
  [
    "that ends when it was closed",
    class extends Receiver {
      #closed = false;
      override async receive() {
        await checkpoint();
        if (this.#closed) throw new EndOfStream("closed");
        return this.inner.receive();
      }
      override close() {
        this.#closed = true;
        return super.close();
      }
    },
    [/M6: receive\(\) of a closed stream throws ClosedResourceError/, /M6: a loop over a closed/],
  ],
  [
    "that cannot be closed twice",
    class extends Receiver {
      #closed = false;
      override async close() {
        if (this.#closed) throw new Error("closed already");
        this.#closed = true;
        await super.close();
      }
    },
    [/M6: closing twice is fine/],
  ],
  [
    "that `await using` leaves open",
    class extends Receiver {
      override async [Symbol.asyncDispose]() {}
    },
    [/M6: leaving `await using` closes the stream/],
  ],
  [
    "that takes its time to close",
    class extends Receiver {
      override async close() {
        await shield(() => checkpoint());
        await super.close();
      }
    },
    [/K3: close\(\) takes effect at once/],
  ],
  [
    "that a cancelled task cannot close",
    class extends Receiver {
      override async close() {
        if (currentScope()?.cancelled === true) await checkpoint();
        await super.close();
      }
    },
    [/K3: close\(\) in a cancelled scope closes the stream/],
  ],
  [
    "whose close() leaves receive() waiting",
    class extends Receiver {
      override receive() {
        // A clone is not closed with the end it was cloned from.
        return this.inner.clone().receive();
      }
    },
    [/M7: closing the stream makes receive\(\) that waits throw ClosedResourceError/],
  ],
  [
    "that a loop closes when it is left",
    class extends Receiver {
      override async *[Symbol.asyncIterator](): AsyncGenerator<number, undefined> {
        try {
          for await (const item of this.inner) yield item;
        } finally {
          await this.close();
        }
      }
    },
    [/M8: leaving a loop early leaves the stream open for what follows/],
  ],
];

describe("checkReceiveStream() catches a stream", () => {
  test.each(brokenReceivers)("%s", async (_, Broken, rules) => {
    const failure = await caught(() => checkReceiver(Broken));
    expect(failure.message).toMatch(
      /^checkReceiveStream\(\): this stream breaks \d+ of 18 rules\n/,
    );
    for (const rule of rules) expect(failure.message).toMatch(rule);
  });

  test("and tells what it expected and what happened", async () => {
    const { message } = await caught(() =>
      checkReceiveStream(() => {
        const [send, stream] = memoryStream<number>(Infinity);
        const end = () => send.close();
        // A source that breaks, which the stream takes for its end.
        return { stream, put: (item) => send.send(item), end, fail: end };
      }),
    );
    expect(message).toBe(
      "checkReceiveStream(): this stream breaks 1 of 19 rules\n" +
        "  M5: when the source breaks, waiting and later receive() throw what says so, for ever\n" +
        "    expected receive() to throw BrokenResourceError, or the source's error, " +
        "it threw EndOfStream: the memory stream has ended: every send end is closed and every item received",
    );
  });

  test("that leaves a loop open although it was said to close it", async () => {
    const failure = await caught(() =>
      checkReceiveStream(
        () => {
          const [send, stream] = memoryStream<number>(Infinity);
          return { stream, put: (item) => send.send(item), end: () => send.close() };
        },
        { afterLoop: "closed" },
      ),
    );
    expect(rulesIn(failure)).toEqual(["  M8: leaving a loop early closes the stream"]);
  });
});

/** A stream that keeps the rules, to be broken in one way each. */
class Sender implements SendStream<number> {
  protected readonly inner: MemorySendStream<number>;
  constructor(inner: MemorySendStream<number>) {
    this.inner = inner;
  }
  send(item: number): Promise<void> {
    return this.inner.send(item);
  }
  close(): Promise<void> {
    return this.inner.close();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function checkSender(Stream: typeof Sender): Promise<StreamReport> {
  const subject = (capacity: number) => () => {
    const [send, receive] = memoryStream<number>(capacity);
    return {
      stream: new Stream(send),
      take: () => receive.receive(),
      leave: () => receive.close(),
      dispose: () => Promise.all([send.close(), receive.close()]),
    };
  };
  return inVirtualTime(() => checkSendStream(subject(Infinity), { clogged: subject(0) }));
}

const brokenSenders: [string, typeof Sender, RegExp[]][] = [
  [
    "that sends in a cancelled scope where it need not wait",
    class extends Sender {
      override async send(item: number) {
        try {
          this.inner.sendNowait(item);
        } catch (error) {
          if (!(error instanceof WouldBlock)) throw error;
          await this.inner.send(item);
        }
      }
    },
    [/K1: send\(\) in a cancelled scope throws Cancelled, and nothing comes out \[K2\]/],
  ],
  [
    "that has sent although it throws Cancelled",
    class extends Sender {
      override async send(item: number) {
        await shield(() => this.inner.send(item));
        await checkpoint();
      }
    },
    [/K1: send\(\) in a cancelled scope throws Cancelled, and nothing comes out \[K2\]/],
  ],
  [
    "that is cancelled after its item was taken",
    class extends Sender {
      override async send(item: number) {
        await this.inner.send(item);
        await checkpoint();
      }
    },
    [/K2: send\(\) that is cancelled while room comes either has sent its item or has not/],
  ],
  [
    "that leaves the item of a cancelled send() in its queue",
    class extends Sender {
      override async send(item: number) {
        await checkpoint();
        const taken = new Event();
        const sent = detached(() => this.inner.send(item)).finally(() => taken.set());
        sent.catch(() => {});
        await taken.wait();
        await sent;
      }
    },
    [/K1: send\(\) that waits throws Cancelled when its scope is cancelled, and nothing comes out/],
  ],
  [
    "that sends its items in pairs, the second first",
    class extends Sender {
      #held: number | undefined;
      override async send(item: number) {
        await checkpoint();
        const held = this.#held;
        this.#held = held === undefined ? item : undefined;
        if (held === undefined) return;
        await this.inner.send(item);
        await this.inner.send(held);
      }
    },
    [
      /M2: items come out in the order in which they were sent/,
      /M2: of several at once the first is served first/,
    ],
  ],
  [
    "that serves the last first",
    class extends Sender {
      readonly #waiting: { item: number; done: Event }[] = [];
      #busy = false;
      override async send(item: number) {
        await checkpoint();
        const mine = { item, done: new Event() };
        this.#waiting.push(mine);
        if (!this.#busy) {
          this.#busy = true;
          for (let next = this.#waiting.pop(); next !== undefined; next = this.#waiting.pop()) {
            await checkpoint();
            await this.inner.send(next.item);
            next.done.set();
          }
          this.#busy = false;
        }
        await mine.done.wait();
      }
    },
    [/M2: those who wait are served first come, first served/],
  ],
  [
    "that does not mind that nobody takes anything",
    class extends Sender {
      override async send(item: number) {
        try {
          await this.inner.send(item);
        } catch (error) {
          if ((error as { code?: string }).code !== "ERR_BROKEN_RESOURCE") throw error;
        }
      }
    },
    [
      /M5: when nobody can take anything any more, send\(\) throws BrokenResourceError/,
      /M5: when nobody can take anything any more, send\(\) that waits throws/,
    ],
  ],
  [
    "that says it is broken when it was closed",
    class extends Sender {
      override async send(item: number) {
        await this.inner.send(item).catch((error: { code?: string }) => {
          throw error.code === "ERR_CLOSED_RESOURCE" ? new Error("write after end") : error;
        });
      }
    },
    [
      /M6: send\(\) to a closed stream throws ClosedResourceError/,
      /M7: closing the stream makes send\(\) that waits throw ClosedResourceError/,
    ],
  ],
  [
    "that cannot be closed twice",
    class extends Sender {
      #closed = false;
      override async close() {
        if (this.#closed) throw new Error("closed already");
        this.#closed = true;
        await super.close();
      }
    },
    [/M6: closing twice is fine/],
  ],
  [
    "that `await using` leaves open",
    class extends Sender {
      override async [Symbol.asyncDispose]() {}
    },
    [/M6: leaving `await using` closes the stream/],
  ],
  [
    "that flushes before it closes",
    class extends Sender {
      override async close() {
        await checkpoint();
        await super.close();
      }
    },
    [
      /K3: close\(\) takes effect at once, before its promise resolves/,
      /K3: close\(\) in a cancelled scope closes the stream/,
    ],
  ],
  [
    "whose close() leaves send() waiting",
    class extends Sender {
      #closed = false;
      override send(item: number) {
        return this.#closed ? this.inner.send(item) : this.inner.clone().send(item);
      }
      override close() {
        this.#closed = true;
        return super.close();
      }
    },
    [/M7: closing the stream makes send\(\) that waits throw ClosedResourceError/],
  ],
  [
    "that drops what it has no room for",
    class extends Sender {
      override async send(item: number) {
        await checkpoint();
        try {
          this.inner.sendNowait(item);
        } catch (error) {
          if (!(error instanceof WouldBlock)) throw error;
        }
      }
    },
    [/K1: send\(\) that waits throws Cancelled/],
  ],
];

describe("checkSendStream() catches a stream", () => {
  test.each(brokenSenders)("%s", async (_, Broken, rules) => {
    const failure = await caught(() => checkSender(Broken));
    expect(failure.message).toMatch(/^checkSendStream\(\): this stream breaks \d+ of 14 rules\n/);
    for (const rule of rules) expect(failure.message).toMatch(rule);
  });
});

describe("each rule", () => {
  const caughtBy = (rule: string, broken: readonly (readonly [string, unknown, RegExp[]])[]) =>
    broken.some(([, , rules]) => rules.some((pattern) => pattern.test(rule)));

  test("is kept by a stream without a flaw, and broken by one of those above", async () => {
    const receiving = await checkReceiver(Receiver);
    const sending = await checkSender(Sender);
    expect(receiving.checked).toHaveLength(18);
    expect(sending).toEqual({ checked: expect.toSatisfy((all) => all.length === 14), skipped: [] });
    expect(receiving.checked.filter((rule) => !caughtBy(rule, brokenReceivers))).toEqual([]);
    expect(sending.checked.filter((rule) => !caughtBy(rule, brokenSenders))).toEqual([]);
  });
});
