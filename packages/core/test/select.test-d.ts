import { describe, expectTypeOf, test } from "vitest";
import {
  Broadcast,
  type Case,
  elapsed,
  Event,
  fromReadable,
  happened,
  memoryStream,
  type MemoryReceiveStream,
  type MemorySendStream,
  type ReceiveStream,
  receiving,
  select,
  type Selected,
  sending,
  toReadable,
} from "@anywhen/core";

declare const numbers: MemoryReceiveStream<number>;
declare const words: MemoryReceiveStream<string>;
declare const out: MemorySendStream<boolean>;

describe("select()", () => {
  test("resolves with a union of each case's name and value", async () => {
    const chosen = await select({
      number: receiving(numbers),
      word: receiving(words),
      sent: sending(out, true),
      late: elapsed(10),
      stop: happened(new Event()),
    });
    expectTypeOf(chosen).toEqualTypeOf<
      | { case: "number"; value: number }
      | { case: "word"; value: string }
      | { case: "sent"; value: void }
      | { case: "late"; value: void }
      | { case: "stop"; value: void }
    >();
  });

  test("narrows the value by the name of the case", async () => {
    const chosen = await select({ number: receiving(numbers), word: receiving(words) });
    if (chosen.case === "number") expectTypeOf(chosen.value).toBeNumber();
    else expectTypeOf(chosen.value).toBeString();
    switch (chosen.case) {
      case "number":
        expectTypeOf(chosen.value).toEqualTypeOf<number>();
        break;
      case "word":
        expectTypeOf(chosen.value).toEqualTypeOf<string>();
        break;
      default:
        expectTypeOf(chosen).toBeNever();
    }
  });

  test("keeps a union of items whole, undefined included", async () => {
    const mixed = receiving({} as MemoryReceiveStream<string | undefined>);
    const chosen = await select({ mixed });
    expectTypeOf(chosen).toEqualTypeOf<{ case: "mixed"; value: string | undefined }>();
  });

  test("takes cases under names that are known only at run time", async () => {
    const cases: Record<string, Case<number>> = {};
    const chosen = await select(cases);
    expectTypeOf(chosen).toEqualTypeOf<{ case: string; value: number }>();
  });

  test("takes options, and nothing that is no case", () => {
    void select({ number: receiving(numbers) }, { priority: true });
    // @ts-expect-error: priority is a boolean
    void select({ number: receiving(numbers) }, { priority: "yes" });
    // @ts-expect-error: a stream is no case
    void select({ number: numbers });
  });

  test("has a named result type", () => {
    expectTypeOf<Selected<{ a: Case<number>; b: Case<void> }>>().toEqualTypeOf<
      { case: "a"; value: number } | { case: "b"; value: void }
    >();
  });
});

describe("the cases", () => {
  test("carry the type of what they come to", () => {
    expectTypeOf(receiving(numbers)).toEqualTypeOf<Case<number>>();
    expectTypeOf(sending(out, true)).toEqualTypeOf<Case<void>>();
    // @ts-expect-error: the item has the stream's type
    sending(out, "true");
  });
});

describe("memory streams and bridges", () => {
  test("carry the type of their items", async () => {
    const [send, receive] = memoryStream<number>(1);
    expectTypeOf(send).toEqualTypeOf<MemorySendStream<number>>();
    expectTypeOf(receive).toEqualTypeOf<MemoryReceiveStream<number>>();
    expectTypeOf(receive.receive()).resolves.toEqualTypeOf<number>();
    for await (const item of receive) expectTypeOf(item).toEqualTypeOf<number>();
    expectTypeOf(new Broadcast<string>().subscribe()).toEqualTypeOf<MemoryReceiveStream<string>>();
  });

  test("infer the item of what they are made from", () => {
    expectTypeOf(fromReadable({} as ReadableStream<Uint8Array>)).toEqualTypeOf<
      ReceiveStream<Uint8Array>
    >();
    expectTypeOf(
      fromReadable(
        (async function* () {
          yield 1;
        })(),
      ),
    ).toEqualTypeOf<ReceiveStream<number>>();
    expectTypeOf(toReadable(numbers)).toEqualTypeOf<ReadableStream<number>>();
  });
});
