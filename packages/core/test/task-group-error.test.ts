import { inspect } from "node:util";
import { cancelScope, run, taskGroup, TaskGroupError } from "@anywhen/core";
import { promiseBackend } from "@anywhen/promise";
import { describe, expect, test } from "vitest";

const one = new Error("one");
const two = new TypeError("two");
const three = new RangeError("three");

function tree(): { whole: TaskGroupError; inner: TaskGroupError } {
  const inner = new TaskGroupError([two, three], "inner", ["second", "third"]);
  return { inner, whole: new TaskGroupError([one, inner], "outer", ["first", "nested"]) };
}

describe("leaves()", () => {
  test("T9: are the errors of the whole tree, depth first", () => {
    expect(tree().whole.leaves()).toEqual([one, two, three]);
  });

  test("T9: an AggregateError of the user's is a leaf, not a group", () => {
    const theirs = new AggregateError([one], "theirs");
    expect(new TaskGroupError([theirs], "group").leaves()).toEqual([theirs]);
  });

  test("a group of another copy of the library is a group", () => {
    const foreign = Object.assign(new AggregateError([one, two], "foreign"), {
      code: "ERR_TASK_GROUP",
    });
    expect(new TaskGroupError([foreign, three], "group").leaves()).toEqual([one, two, three]);
  });
});

describe("split()", () => {
  test("keeps the shape of the tree on both sides", () => {
    const [matching, rest] = tree().whole.split((error) => error === two);
    expect(matching?.message).toBe("outer");
    expect(matching?.errors).toMatchObject([{ message: "inner", errors: [two] }]);
    expect(rest?.errors).toMatchObject([one, { message: "inner", errors: [three] }]);
    expect(rest?.taskNames).toEqual(["first", "nested"]);
    expect(rest?.errors[1]).toHaveProperty("taskNames", ["third"]);
  });

  test("gives the group itself where all or nothing matches", () => {
    const { whole, inner } = tree();
    expect(whole.split(() => true)).toEqual([whole, undefined]);
    expect(whole.split(() => false)).toEqual([undefined, whole]);
    const [matching, rest] = whole.split((error) => error !== one && error !== whole);
    expect(matching?.errors[0]).toBe(inner);
    expect(rest?.errors).toEqual([one]);
  });

  test("asks about groups too, and takes a group that matches as it is", () => {
    const { whole, inner } = tree();
    const [matching, rest] = whole.split((error) => error === inner);
    expect(matching?.errors).toEqual([inner]);
    expect(rest?.errors).toEqual([one]);
  });

  test("loses no leaf and doubles none, also one that is in the tree twice", () => {
    const { inner } = tree();
    const group = new TaskGroupError([inner, one, inner], "twice");
    const [matching, rest] = group.split((error) => error instanceof TypeError);
    const leaves = [...(matching?.leaves() ?? []), ...(rest?.leaves() ?? [])];
    expect(leaves).toHaveLength(5);
    expect(new Set(leaves)).toEqual(new Set([one, two, three]));
  });
});

describe("D2: printed", () => {
  test("it is a tree with the name of each task, its message and its stack", () => {
    const { whole } = tree();
    const { stack = "" } = whole;
    for (const text of ['task "first": Error: one', 'task "nested": TaskGroupError: inner'])
      expect(stack).toContain(text);
    expect(stack).toContain('└─ task "third": RangeError: three');
    expect(stack).toContain("task-group-error.test.ts");
    expect(inspect(whole)).toBe(stack);
    expect(inspect({ whole })).toContain('task "third"');
  });

  test("members without a name are the group's body", () => {
    expect(new TaskGroupError([one], "group").stack).toContain("the group's body: Error: one");
  });

  test("causes are told, but not without end", () => {
    let error = new Error("root");
    for (let i = 0; i < 50; i++) error = new Error(`level ${i}`, { cause: error });
    const endless = new Error("endless");
    endless.cause = endless;
    const { stack = "" } = new TaskGroupError([error, endless], "group");
    expect(stack).toContain("[cause]: Error: level 45");
    expect(stack).not.toContain("root");
    expect(stack.length).toBeLessThan(100_000);
  });

  test("what is no error, or has no stack, is shown", () => {
    const bare = new Error("bare");
    delete bare.stack;
    const { stack } = new TaskGroupError(["text", 5, undefined, { a: 1 }, bare], "group");
    for (const text of ['"text"', ": 5", "undefined", "an object (Object)", "Error: bare"])
      expect(stack).toContain(text);
  });

  test("more than a person reads is counted", () => {
    const errors = Array.from({ length: 200 }, (_, i) => new Error(`failure ${i}`));
    expect(new TaskGroupError(errors, "group").stack).toMatch(/… and 1\d\d more/);
  });

  test("its stack may be replaced, as tools do", () => {
    const { whole } = tree();
    whole.stack = "replaced";
    expect([whole.stack, inspect(whole)]).toEqual(["replaced", "replaced"]);
  });
});

describe("the message of a group's error", () => {
  async function messageOf(names: readonly string[]): Promise<string> {
    const work = run(
      () =>
        taskGroup(
          (tg) => {
            for (const name of names) {
              tg.startSoon(
                () => {
                  throw new Error(`${name} failed\nwith details`);
                },
                { name },
              );
            }
          },
          { name: "crawl" },
        ),
      { backend: promiseBackend() },
    );
    return (await work.catch((error: Error) => error))?.message ?? "";
  }

  test("names the group, counts and tells the first few, one line each", async () => {
    expect(await messageOf(["a"])).toBe(
      '1 error in task group "crawl" (task "a": Error: a failed)',
    );
    const many = await messageOf(["a", "b", "c", "d", "e"]);
    expect(many).toMatch(/^5 errors in task group "crawl" \(.*"a".*"b".*"c".*; and 2 more\)$/);
  });

  test("C6: passes a cancelled scope unchanged", async () => {
    const error = new TaskGroupError([one], "group");
    const work = run(
      () =>
        cancelScope((scope) => {
          scope.cancel();
          throw error;
        }),
      { backend: promiseBackend() },
    );
    await expect(work).rejects.toBe(error);
  });
});
