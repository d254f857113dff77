import { AnywhenError, run, taskGroup, TaskGroupError, TimeoutError, UsageError } from "anywhen";
import { describe, expect, test } from "vitest";
import {
  AssertionError,
  type ErrorPattern,
  expectGroup,
  group,
  type GroupOptions,
} from "../src/index.ts";

const type = new TypeError("not a type");
const range = new RangeError("out of range");
const timeout = new TimeoutError("too late");

function groupOf(...errors: unknown[]): TaskGroupError {
  const names = errors.map((_, index) => `task ${"abcdef"[index]}`);
  return new TaskGroupError(errors, `${errors.length} errors in a group`, names);
}

function failureOf(
  error: unknown,
  patterns: readonly ErrorPattern[],
  options?: GroupOptions,
): string {
  try {
    expectGroup(error).toMatch(patterns, options);
  } catch (failure) {
    expect(failure).toBeInstanceOf(AssertionError);
    expect((failure as Error).cause).toBe(error);
    return (failure as Error).message;
  }
  throw new Error("it matched");
}

describe("a pattern", () => {
  test.each<[string, unknown, ErrorPattern]>([
    ["a class", type, TypeError],
    ["a base class", timeout, AnywhenError],
    ["a class of groups", groupOf(type), TaskGroupError],
    ["that very error", type, type],
    ["a part of the message", type, "a type"],
    ["an expression for the message", type, /^not/],
    ["a part of a text that was thrown", "thrown text", "text"],
    ["a code", timeout, { code: "ERR_TIMEOUT" }],
    ["a class and a message", type, { type: TypeError, message: /type$/ }],
    ["a check", 42, { check: (error: number) => error === 42 }],
    ["a group", groupOf(type), group([TypeError])],
    ["a group with a message", groupOf(type), group([TypeError], { message: "1 errors" })],
    [
      "a group with a check",
      groupOf(type),
      group([type], { check: (it) => it.errors[0] === type }),
    ],
    [
      "a flattened group",
      groupOf(groupOf(type), range),
      group([RangeError, TypeError], { flatten: true }),
    ],
    ["nested groups", groupOf(groupOf(type), range), group([range, group([type])])],
  ])("%s matches", (_, error, pattern) => {
    expect(expectGroup(groupOf(error)).toMatch([pattern])).toEqual([error]);
  });

  test.each<[string, unknown, ErrorPattern, string]>([
    ["another class", type, RangeError, "is no RangeError"],
    [
      "an equal error that is another one",
      type,
      new TypeError("not a type"),
      "is not that very error",
    ],
    ["a text that the message lacks", type, "a range", 'has no message with "a range"'],
    ["an expression for the whole message", type, /^type/, "has no message with /^type/"],
    ["another code", timeout, { code: "ERR_USAGE" }, 'has code "ERR_TIMEOUT"'],
    ["a code where there is none", null, { code: "ERR_USAGE" }, "has code undefined"],
    ["another message", type, { type: TypeError, message: "range" }, 'has no message with "range"'],
    ["a check that returns false", type, { check: () => false }, "fails its check"],
    [
      "a check that throws",
      type,
      { check: () => expect(1).toBe(2) as never },
      "fails its check, which threw AssertionError: expected 1 to be 2",
    ],
    ["a group of what is none", type, group([TypeError]), "is no group"],
    ["a group of more", groupOf(type), group([TypeError, RangeError]), "has 1 member, not 2"],
    [
      "a group of others",
      groupOf(type),
      group([RangeError]),
      "has 1 of 1 members that match nothing",
    ],
    [
      "a group with another message",
      groupOf(type),
      group([type], { message: "2" }),
      "has no message",
    ],
    ["an AggregateError of the user's", new AggregateError([type]), group([type]), "is no group"],
  ])("%s does not match", (_, error, pattern, reason) => {
    expect(failureOf(groupOf(error), [pattern])).toContain(`not 1: it ${reason}`);
  });

  test("a check is asked only about what the rest of its pattern matches", () => {
    const asked: unknown[] = [];
    const check = (error: unknown) => asked.push(error) > 0;
    expectGroup(groupOf(type, range)).toMatch([RangeError, { type: TypeError, check }]);
    expect(new Set(asked)).toEqual(new Set([type]));
  });

  test("an expression with the flag g matches as often as it is asked", () => {
    const pattern = /type/g;
    for (let round = 0; round < 3; round++) expectGroup(groupOf(type)).toMatch([pattern]);
  });
});

describe("matching", () => {
  test("is in any order, and returns the errors in the order of the patterns", () => {
    expect(expectGroup(groupOf(type, range)).toMatch([RangeError, TypeError])).toEqual([
      range,
      type,
    ]);
  });

  test("finds the way to give each pattern an error, where a greedy choice would fail", () => {
    const errors = [type, range, timeout];
    const patterns = [Error, { check: (error: Error) => error !== timeout }, TypeError] as const;
    for (const [a, b, c] of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [0, 2, 1],
    ] as const) {
      const found = expectGroup(groupOf(...errors)).toMatch([
        patterns[a],
        patterns[b],
        patterns[c],
      ]);
      expect(new Set(found)).toEqual(new Set(errors));
      expect(found[[a, b, c].indexOf(2)]).toBe(type);
    }
  });

  test("each error needs a pattern and each pattern an error", () => {
    expect(failureOf(groupOf(type, range), [TypeError])).toContain(
      "The group has 1 error more than there are patterns",
    );
    expect(failureOf(groupOf(type), [TypeError, TypeError])).toContain(
      "The group has 1 error fewer than there are patterns",
    );
    expect(failureOf(groupOf(type), [])).toContain("expected exactly 0 errors");
    expect(expectGroup(groupOf()).toMatch([])).toEqual([]);
  });

  test("one error that is there twice needs two patterns", () => {
    const error = groupOf(type, groupOf(type));
    expectGroup(error).toMatch([type, type], { flatten: true });
    expect(failureOf(error, [type], { flatten: true })).toContain("1 error more");
  });

  test("a nested group is one error, unless it is flattened", () => {
    const error = groupOf(groupOf(groupOf(type), range), timeout);
    const patterns = [RangeError, TimeoutError, TypeError];
    expect(expectGroup(error).toMatch(patterns, { flatten: true })).toEqual([range, timeout, type]);
    expectGroup(error).toMatch([timeout, group([range, group([type])])]);
    expect(failureOf(error, patterns)).toMatch(
      /write the nesting as group.*or pass \{ flatten: true \}/,
    );
  });

  test("the group's own message and check count", () => {
    expectGroup(groupOf(type)).toMatch([type], { message: /^1/, check: () => true });
    expect(failureOf(groupOf(type), [type], { message: "in a pool" })).toContain(
      'the group itself has no message with "in a pool"',
    );
    expect(failureOf(groupOf(type), [type], { check: () => false })).toContain(
      "the group itself fails its check",
    );
  });

  test("a group of another copy of the library is one", () => {
    const foreign = Object.assign(new AggregateError([type]), { code: "ERR_TASK_GROUP" });
    expect(expectGroup(foreign).toMatch([TypeError])).toEqual([type]);
  });
});

describe("the failure", () => {
  test("shows the patterns, the tree of the error, and what matched what", async () => {
    const error = await run(() =>
      taskGroup((tg) => {
        tg.startSoon(() => Promise.reject(type), { name: "parse" });
        tg.startSoon(
          () =>
            taskGroup(
              (inner) => void inner.startSoon(() => Promise.reject(range), { name: "deep" }),
            ),
          { name: "nested" },
        );
        throw timeout;
      }),
    ).catch((thrown: unknown) => thrown);
    expect(failureOf(error, [TimeoutError, "no such host", group([TypeError])]))
      .toMatchInlineSnapshot(`
        "expectGroup(): the group does not match
        expected exactly 3 errors, in any order:
          1. TimeoutError
          2. an error with message "no such host"  ← matches nothing that is left
          3. group([TypeError])  ← matches nothing that is left
        got TaskGroupError: 3 errors in an unnamed task group (the group's body: TimeoutError: too late; task "parse": TypeError: not a type; task "nested": TaskGroupError:…
          ├─ TimeoutError: too late  ← matches 1
          ├─ task "parse": TypeError: not a type  ← matches nothing
          │    not 2: it has no message with "no such host"
          │    not 3: it is no group
          └─ task "nested": TaskGroupError: 1 error in an unnamed task group (task "deep": RangeError: out of range)  ← matches nothing
               not 2: it has no message with "no such host"
               not 3: it has 1 of 1 members that match nothing
             └─ task "deep": RangeError: out of range"
      `);
  });

  test("of a group in which all match counts as no failure, whatever is asked of it", () => {
    expect(failureOf(groupOf(type), [type], { message: "other" })).not.toContain("matches nothing");
  });

  test("of what is no group says what it is, and whether it would match by itself", () => {
    expect(failureOf(type, [RangeError])).toBe(
      "expectGroup() takes a TaskGroupError, got TypeError: not a type. A taskGroup() always throws its errors as a TaskGroupError: was it awaited?",
    );
    expect(failureOf(type, [TypeError])).toMatch(/matches the pattern by itself/);
    expect(failureOf(undefined, [])).toContain("got undefined");
  });

  test("says which other pattern a surplus error could have matched", () => {
    expect(failureOf(groupOf(type, type), [TypeError])).toContain(
      "could match 1, which another error matches",
    );
  });
});

describe("patterns that make no sense are refused", () => {
  test.each<[unknown, RegExp]>([
    [[TypeError, [RangeError]], /pattern 2 is an array: write group/],
    [[{}], /pattern 1 is \{\}, which would match anything/],
    [[{ messages: "x" }], /pattern 1 has the key "messages"/],
    [[42], /pattern 1 is 42: a pattern is a class/],
    [[null], /pattern 1 is null/],
    [[(error: unknown) => error === type], /pattern 1 is .*not a class: write \{ check/],
    [TypeError, /takes an array of patterns, got function TypeError/],
  ])("%s", (patterns, message) => {
    expect(() => expectGroup(groupOf(type)).toMatch(patterns as [])).toThrow(message);
    expect(() => group(patterns as [])).toThrow(TypeError);
  });

  test("a group() where nothing nested is left", () => {
    expect(() => expectGroup(groupOf()).toMatch([group([])], { flatten: true })).toThrow(
      /flatten leaves nothing to match/,
    );
  });

  test.each([
    ["nothing", undefined],
    ["a promise", Promise.resolve(true)],
  ])("a check that returns %s", (_, answer) => {
    const check = () => answer as never;
    expect(() => expectGroup(groupOf(type)).toMatch([{ check }])).toThrow(
      /check returns true or false/,
    );
  });
});

test("UsageError and other errors of the library are classes like any other", async () => {
  const error = await run(() =>
    taskGroup((tg) => {
      tg.startSoon(() => {
        throw new UsageError("wrong");
      });
    }),
  ).catch((thrown: unknown) => thrown);
  const [usage] = expectGroup(error).toMatch([{ type: UsageError, code: "ERR_USAGE" }]);
  expect(usage.message).toBe("wrong");
});
