import { cancelScope, Cancelled, currentTask, memoryStream, run, sleepForever } from "anywhen";
import { describe, expect, test } from "vitest";
import { checkReceiveStream, checkSendStream, checkStreamPair } from "../../src/index.ts";

const [send, stream] = memoryStream<number>();
const end = () => send.close();

describe("a maker", () => {
  test.each<[string, (make: never) => Promise<unknown>]>([
    ["checkSendStream()", checkSendStream],
    ["checkReceiveStream()", checkReceiveStream],
    ["checkStreamPair()", checkStreamPair],
  ])("of %s is a function", async (name, check) => {
    await expect(check(send as never)).rejects.toThrow(
      `${name} takes a function that makes a new stream each time, got an object (MemorySendStream)`,
    );
  });

  test.each<[unknown, string]>([
    [undefined, "the function is to make { stream, take }, got undefined"],
    [
      { stream: send },
      "the function is to make { stream, take }, got an object (Object), which lacks take",
    ],
    [
      { stream, take: () => 1 },
      "the function is to make a stream with send() and close(), got an object (MemoryReceiveStream), which lacks send",
    ],
  ])("of checkSendStream() does not make %s", async (made, message) => {
    await expect(checkSendStream(() => made as never)).rejects.toThrow(
      `checkSendStream(): ${message}`,
    );
    const clogged = () => made as never;
    const make = () => ({ stream: memoryStream<number>()[0], take: () => 1 });
    await expect(checkSendStream(make, { clogged })).rejects.toThrow(
      `checkSendStream(): clogged: ${message}`,
    );
  });

  test.each<[unknown, string]>([
    [null, "the function is to make { stream, put, end }, got null"],
    [{ stream, put: end }, "got an object (Object), which lacks end"],
    [{ stream: send, put: end, end }, "a stream with receive() and close()"],
  ])("of checkReceiveStream() does not make %s", async (made, message) => {
    await expect(checkReceiveStream(() => made as never)).rejects.toThrow(message);
  });

  test.each<[unknown, string]>([
    [send, "the function is to make [send, receive], got an object"],
    [[stream, send], "a send stream first, got an object (MemoryReceiveStream), which lacks send"],
    [[send], "a receive stream second, got undefined"],
  ])("of checkStreamPair() does not make %s", async (made, message) => {
    await expect(checkStreamPair(() => made as never)).rejects.toThrow(message);
  });

  test("that throws is reported with its own error", async () => {
    const boom = new Error("no port is free");
    await expect(checkStreamPair(() => Promise.reject(boom))).rejects.toBe(boom);
  });
});

describe("an option", () => {
  const make = () => ({ stream, put: end, end });
  test.each<[object, string]>([
    [{ patience: 0 }, "checkReceiveStream(): patience is a number of milliseconds, got 0"],
    [{ patience: "1 s" }, 'patience is a number of milliseconds, got "1 s"'],
    [{ item: 1 }, "item is a function, got 1"],
    [{ same: true }, "same is a function, got true"],
    [{ afterLoop: "close" }, 'afterLoop is "open" or "closed", got "close"'],
  ])("%s is refused", async (options, message) => {
    await expect(checkReceiveStream(make, options)).rejects.toThrow(message);
  });

  test("clogged is a maker, too", async () => {
    const options = { clogged: stream as never };
    await expect(checkSendStream(make as never, options)).rejects.toThrow(
      "checkSendStream(): clogged takes a function",
    );
  });
});

describe("clogged streams", () => {
  test("must make send() wait", async () => {
    const subject = () => {
      const [target, receive] = memoryStream<number>(5);
      return { stream: target, take: () => receive.receive() };
    };
    await expect(checkSendStream(subject, { clogged: subject })).rejects.toThrow(
      /K1: send\(\) that waits .*\n {4}expected send\(\) of item 1 to wait, it returned/,
    );
  });
});

describe("items", () => {
  test("of another type are made by item() and compared by same()", async () => {
    const copying = () => {
      const [target, receive] = memoryStream<{ n: number }>(2);
      return {
        stream: receive,
        put: (item: { n: number }) => target.send({ ...item }),
        end: () => target.close(),
      };
    };
    const item = (n: number) => ({ n });
    await expect(checkReceiveStream(copying, { item })).rejects.toThrow(
      "expected what receive() returns to be item 1, an object (Object), got an object (Object)",
    );
    await checkReceiveStream(copying, { item, same: (got, sent) => got.n === sent.n });
  });
});

test("a check that is cancelled throws Cancelled, it blames no stream", async () => {
  await run(() =>
    cancelScope(async (scope) => {
      let made = 0;
      const make = () => {
        if (++made === 5) scope.cancel();
        return memoryStream<number>(1);
      };
      await expect(checkStreamPair(make)).rejects.toThrow(Cancelled);
    }),
  );
});

test("outside every task a check has a run of its own, which ends what is still waiting", async () => {
  const names = new Set<string>();
  const ended: unknown[] = [];
  const check = checkStreamPair(() => {
    names.add(currentTask().name);
    sleepForever().catch((error: unknown) => ended.push(error));
    return memoryStream<number>(1);
  });
  await check;
  expect(names).toEqual(new Set(["checkStreamPair()"]));
  expect(ended.length).toBeGreaterThan(20);
});
