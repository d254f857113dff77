import {
  BrokenResourceError,
  BusyResourceError,
  cancelScope,
  Cancelled,
  ClosedResourceError,
  EndOfStream,
  Event,
  gather,
  isCancelled,
  memoryStream,
  type ReceiveStream,
  taskGroup,
  waitAllTasksBlocked,
} from "anywhen";
import { describe, expect, test } from "vitest";
import {
  assertNoCheckpoints,
  failingReceiveStream,
  failingSendStream,
  hookedStream,
  lockstepStreamPair,
  memoryStreamPair,
  pump,
} from "../src/index.ts";
import { caught } from "./caught.ts";
import { eachBackend } from "./each-backend.ts";

const boom = new Error("boom");

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

/** A stream that ends after these items. */
function streamOf<T>(...items: T[]): ReceiveStream<T> {
  const [send, receive] = memoryStream<T>(Infinity);
  for (const item of items) send.sendNowait(item);
  void send.close();
  return receive;
}

describe.each(eachBackend)("on %s", (_, inRun) => {
  describe("the pairs", () => {
    test.each([
      ["memoryStreamPair()", memoryStreamPair<string>],
      ["lockstepStreamPair()", lockstepStreamPair<string>],
    ])("%s passes items both ways until each side says so", (_name, makePair) =>
      inRun(async () => {
        const [left, right] = makePair();
        const [, , answers] = await gather(
          async () => {
            await left.send("question");
            await left.send("another");
            await left.sendEof();
          },
          async () => {
            for await (const item of right) await right.send(`${item}?`);
            await right.close();
          },
          () => all(left),
        );
        expect(answers).toEqual(["question?", "another?"]);
        await left.close();
        await expect(left.send("late")).rejects.toThrow(ClosedResourceError);
        await expect(left.receive()).rejects.toThrow(ClosedResourceError);
      }),
    );

    test("two sides that both send first pass with memoryStreamPair() and wait for ever in lockstep", () =>
      inRun(async () => {
        const bothSend = async ([left, right]: ReturnType<typeof memoryStreamPair<number>>) => {
          let sent = 0;
          await taskGroup(async (tg) => {
            for (const end of [left, right]) tg.startSoon(() => end.send(1).then(() => sent++));
            await waitAllTasksBlocked();
            tg.cancel();
          });
          await left.close();
          await right.close();
          return sent;
        };
        expect(await bothSend(memoryStreamPair())).toBe(2);
        expect(await bothSend(lockstepStreamPair())).toBe(0);
      }));

    test("closing one side breaks what the other sends", () =>
      inRun(async () => {
        const [left, right] = lockstepStreamPair<string>();
        await left.close();
        await expect(right.send("item")).rejects.toThrow(BrokenResourceError);
        await expect(right.receive()).rejects.toThrow(EndOfStream);
        await right.close();
      }));
  });

  describe("hookedStream()", () => {
    test("calls sendHook with each item before it goes in, and waits for it", () =>
      inRun(async () => {
        const [send, receive] = hookedStream<string>();
        const gate = new Event();
        const log: string[] = [];
        send.sendHook = async (item) => {
          log.push(`hook ${item}`);
          await gate.wait();
        };
        await taskGroup(async (tg) => {
          tg.startSoon(() => send.send("a"));
          tg.startSoon(() => receive.receive().then((item) => log.push(item)));
          await waitAllTasksBlocked();
          log.push("gate");
          gate.set();
        });
        expect(log).toEqual(["hook a", "gate", "a"]);
      }));

    test("K2: a send that is cancelled in its hook, or whose hook throws, has sent nothing", () =>
      inRun(async () => {
        const [send, receive] = hookedStream<string>();
        await cancelScope(async (scope) => {
          send.sendHook = () => scope.cancel();
          await send.send("cancelled").catch(() => {});
          send.sendHook = () => new Event().wait();
          await expect(send.send("cancelled")).rejects.toThrow(Cancelled);
        });
        send.sendHook = () => Promise.reject(boom);
        await expect(send.send("failed")).rejects.toBe(boom);
        send.sendHook = undefined;
        await send.send("sent");
        await send.close();
        expect(await all(receive)).toEqual(["sent"]);
      }));

    test("calls receiveHook before it takes an item, which the hook may send", () =>
      inRun(async () => {
        const [send, receive] = hookedStream<string>();
        receive.receiveHook = () => send.send("just in time");
        expect(await receive.receive()).toBe("just in time");
      }));

    test("calls closeHook once, and no other hook after it", () =>
      inRun(async () => {
        const [send, receive] = hookedStream<string>();
        const log: string[] = [];
        send.sendHook = () => void log.push("send");
        receive.receiveHook = () => void log.push("receive");
        send.closeHook = () => log.push("close send");
        receive.closeHook = () => log.push("close receive");
        for (const stream of [send, send, receive, receive]) await stream.close();
        await expect(send.send("late")).rejects.toThrow(ClosedResourceError);
        await expect(receive.receive()).rejects.toThrow(ClosedResourceError);
        expect(log).toEqual(["close send", "close receive"]);
      }));

    test("a second call while one is under way is an error that says what is busy", () =>
      inRun(async () => {
        const [send, receive] = hookedStream<string>();
        const first = send.send("first");
        await expect(send.send("second")).rejects.toThrow(BusyResourceError);
        await first;
        const item = receive.receive();
        await expect(receive.receive()).rejects.toThrow(/receiving from/);
        expect(await item).toBe("first");
        await send.send("third");
      }));

    test("each call passes two checkpoints before it begins", () =>
      inRun(async () => {
        const [send, receive] = hookedStream<string>();
        const executed = "executed 3 checkpoints";
        await expect(assertNoCheckpoints(() => send.send("item"))).rejects.toThrow(executed);
        await expect(assertNoCheckpoints(() => receive.receive())).rejects.toThrow(executed);
      }));

    test("a close during the call's checkpoints makes it throw", () =>
      inRun(async () => {
        const [send] = hookedStream<string>();
        const call = caught(() => send.send("item"));
        await send.close();
        expect(await call).toBeInstanceOf(ClosedResourceError);
      }));
  });

  describe("failingSendStream()", () => {
    test("breaks on the call it was told, which sends nothing, and stays broken", () =>
      inRun(async () => {
        const [target, receive] = memoryStream<number>(Infinity);
        const send = failingSendStream(target, { onCall: 2 });
        await send.send(1);
        await expect(send.send(2)).rejects.toThrow(/breaks on call 2/);
        await expect(send.send(3)).rejects.toThrow(BrokenResourceError);
        await send.close();
        expect(await all(receive)).toEqual([1]);
      }));

    test("once: true fails one call with the error given, and lets the next ones through", () =>
      inRun(async () => {
        const [target, receive] = memoryStream<number>(Infinity);
        {
          await using send = failingSendStream(target, { onCall: 1, error: boom, once: true });
          await expect(send.send(1)).rejects.toBe(boom);
          await send.send(2);
        }
        expect(await all(receive)).toEqual([2]);
      }));

    test("K1: the call that fails is a checkpoint", () =>
      inRun(() =>
        cancelScope(async (scope) => {
          const send = failingSendStream(memoryStream<number>()[0], { onCall: 1 });
          scope.cancel();
          expect(isCancelled(await caught(() => send.send(1)))).toBe(true);
        }),
      ));
  });

  describe("failingReceiveStream()", () => {
    test("breaks on the call it was told, which takes nothing", () =>
      inRun(async () => {
        const source = streamOf("a", "b");
        const receive = failingReceiveStream(source, { onCall: 2 });
        expect(await receive.receive()).toBe("a");
        await expect(receive.receive()).rejects.toThrow(BrokenResourceError);
        await expect(receive.receive()).rejects.toThrow(BrokenResourceError);
        expect(await source.receive()).toBe("b");
      }));

    test("an EndOfStream ends its loops early", () =>
      inRun(async () => {
        const error = new EndOfStream("cut off");
        const receive = failingReceiveStream(streamOf("a", "b"), { onCall: 2, error });
        expect(await all(receive)).toEqual(["a"]);
        await receive.close();
        await receive[Symbol.asyncDispose]();
      }));

    test("once: true leaves the item to the next call", () =>
      inRun(async () => {
        const receive = failingReceiveStream(streamOf("a", "b"), { onCall: 1, once: true });
        await expect(receive.receive()).rejects.toThrow(BrokenResourceError);
        expect(await all(receive)).toEqual(["a", "b"]);
      }));
  });

  describe("pump()", () => {
    test("moves as many items as it was told and leaves both streams open", () =>
      inRun(async () => {
        const source = streamOf("a", "b", "c");
        const [target, receive] = memoryStream<string>(Infinity);
        expect(await pump(source, target, 2)).toBe(2);
        expect(receive.statistics()).toMatchObject({ currentBufferUsed: 2, openSendStreams: 1 });
        expect(await pump(source, target, 0)).toBe(0);
        expect(await source.receive()).toBe("c");
      }));

    test("passes the end on and says how many came before it", () =>
      inRun(async () => {
        const [target, receive] = memoryStream<string>(Infinity);
        expect(await pump(streamOf("a", "b"), target)).toBe(2);
        expect(await all(receive)).toEqual(["a", "b"]);
      }));

    test("throws what either side throws", () =>
      inRun(async () => {
        const [target, receive] = memoryStream<string>(Infinity);
        const failing = failingReceiveStream(streamOf("a"), { onCall: 1, error: boom });
        await expect(pump(failing, target)).rejects.toBe(boom);
        await receive.close();
        await expect(pump(streamOf("a"), target)).rejects.toThrow(BrokenResourceError);
      }));
  });
});

describe("bad input", () => {
  test.each([0, -1, 1.5, Number.NaN, "1"])("%s is no call that could fail", (onCall) => {
    const options = { onCall: onCall as number };
    expect(() => failingSendStream(memoryStream()[0], options)).toThrow(RangeError);
    expect(() => failingReceiveStream(streamOf(), options)).toThrow(
      /onCall is a call counted from 1/,
    );
  });

  test("options that are missing are named", () => {
    expect(() => failingSendStream(memoryStream()[0], undefined as never)).toThrow(/got undefined/);
  });

  test.each([-1, 0.5, Number.NaN, "1"])("%s is no count of items", async (count) => {
    await expect(pump(streamOf(), memoryStream()[0], count as number)).rejects.toThrow(RangeError);
  });

  test("a capacity that makes no sense is refused as by memoryStream()", () => {
    expect(() => hookedStream(-1)).toThrow(RangeError);
  });
});
