import type { Backend, ReceiveStream } from "@anywhen/core";
import { type Observable, of, Subject, type Subscription } from "rxjs";
import { expectTypeOf, test } from "vitest";
import {
  backend,
  currentSubscription,
  firstValue,
  fromObservable,
  lastValue,
  rxjsBackend,
  toObservable,
} from "../src/index.ts";

declare const stream: ReceiveStream<string>;

test("the host of a task is a Subscription", () => {
  expectTypeOf(rxjsBackend()).toEqualTypeOf<Backend<Subscription>>();
  expectTypeOf(backend).toExtend<Backend>();
  expectTypeOf(currentSubscription()).toEqualTypeOf<Subscription | undefined>();
});

test("toObservable infers the value of a function, the items of a generator and of a stream", () => {
  expectTypeOf(toObservable(async () => 1)).toEqualTypeOf<Observable<number>>();
  expectTypeOf(toObservable(() => "text")).toEqualTypeOf<Observable<string>>();
  expectTypeOf(
    toObservable(async function* () {
      yield 1;
    }),
  ).toEqualTypeOf<Observable<number>>();
  expectTypeOf(toObservable(stream)).toEqualTypeOf<Observable<string>>();
  // @ts-expect-error a promise is running already: nothing could cancel it
  toObservable(Promise.resolve(1));
});

test("fromObservable keeps the type of the items, and knows its overflows", () => {
  expectTypeOf(fromObservable(new Subject<number>())).toExtend<ReceiveStream<number>>();
  fromObservable(of(1), { capacity: 2, overflow: "drop-oldest" });
  // @ts-expect-error a source that pushes cannot be made to wait
  fromObservable(of(1), { overflow: "wait" });
});

test("firstValue and lastValue add the type of the default", () => {
  expectTypeOf(firstValue(of(1))).toEqualTypeOf<Promise<number>>();
  expectTypeOf(lastValue(of(1), { defaultValue: undefined })).toEqualTypeOf<
    Promise<number | undefined>
  >();
});
