import { expectGroup, group, type GroupPattern } from "@anywhen/testing";
import type {} from "@anywhen/testing/vitest";
import type { TimeoutError } from "anywhen";
import { TimeoutError as Timeout } from "anywhen";
import { expect, expectTypeOf, test } from "vitest";

class HttpError extends Error {
  readonly status: number = 404;
}
const boom = new RangeError("boom");

test("toMatch() returns a tuple of what each pattern matches", () => {
  const found = expectGroup(undefined).toMatch([
    Timeout,
    { type: HttpError, message: "404" },
    boom,
    group([TypeError]),
    "a text",
    /an expression/,
    { code: "ERR" },
  ]);
  expectTypeOf(found).toEqualTypeOf<
    [TimeoutError, HttpError, RangeError, AggregateError, unknown, unknown, unknown]
  >();
});

test("a check may say what it takes, and returns a boolean", () => {
  group([{ type: HttpError, check: (error: HttpError) => error.status === 404 }]);
  group([{ check: (error) => error === boom }], {
    check: (error) => {
      expectTypeOf(error).toEqualTypeOf<AggregateError>();
      return true;
    },
  });
  // @ts-expect-error -- a promise is no answer
  group([{ check: async () => true }]);
});

test("group() keeps its members' types", () => {
  expectTypeOf(group([HttpError])).toEqualTypeOf<GroupPattern<readonly [typeof HttpError]>>();
});

test("an array is no pattern", () => {
  // @ts-expect-error -- group([…])
  group([[TypeError]]);
  // @ts-expect-error -- messages
  expectGroup(undefined).toMatch([{ messages: "x" }]);
});

test("vitest's expect has the matcher", () => {
  expectTypeOf(expect(undefined).toMatchGroup).parameter(0).toExtend<readonly unknown[]>();
  expectTypeOf(expect(undefined).toMatchGroup).returns.toEqualTypeOf<void>();
  expectTypeOf(expect(undefined).rejects.toMatchGroup).returns.toEqualTypeOf<Promise<void>>();
});
