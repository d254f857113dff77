import {
  assertCheckpoints,
  assertNoCheckpoints,
  assertSequence,
  checkReceiveStream,
  checkStreamPair,
  failingReceiveStream,
  type HookedReceiveStream,
  type HookedSendStream,
  hookedStream,
  memoryStreamPair,
  type StreamReport,
  sequencer,
} from "@anywhen/testing";
import { memoryStream, type ObjectStream, type ReceiveStream } from "anywhen";
import { expectTypeOf, test } from "vitest";

test("what a function returns comes through", () => {
  expectTypeOf(assertCheckpoints(async () => 1)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(assertNoCheckpoints(() => "text")).toEqualTypeOf<Promise<string>>();
  expectTypeOf(sequencer()(0, () => true)).toEqualTypeOf<Promise<boolean>>();
});

test("the streams of tests stand where others do", () => {
  expectTypeOf(hookedStream<string>()).toEqualTypeOf<
    [HookedSendStream<string>, HookedReceiveStream<string>]
  >();
  expectTypeOf(memoryStreamPair<string>()[0]).toExtend<ObjectStream<string>>();
  const [, receive] = memoryStream<Date>();
  expectTypeOf(failingReceiveStream(receive, { onCall: 1 })).toEqualTypeOf<ReceiveStream<Date>>();
});

test("streams of anything but numbers need items", () => {
  expectTypeOf(checkStreamPair(() => memoryStream<number>())).toEqualTypeOf<
    Promise<StreamReport>
  >();
  const item = (n: number) => new Date(n);
  void checkStreamPair(() => memoryStream<Date>(), {
    item,
    same: (a, b) => a.getTime() === b.getTime(),
  });
  // @ts-expect-error -- item
  void checkStreamPair(() => memoryStream<Date>());
  // @ts-expect-error -- put
  void checkReceiveStream(() => ({ stream: memoryStream<number>()[1], end: () => {} }));
});

test("an island of a sequence has entries of the log's type", () => {
  assertSequence(["a"], ["a", new Set(["b"])]);
  // @ts-expect-error -- 1
  assertSequence(["a"], [1]);
});
