import "@anywhen/testing/vitest";
import { group } from "@anywhen/testing";
import { taskGroup } from "anywhen";
import { describe, expect, test } from "vitest";
import { caught } from "../caught.ts";

const failing = () =>
  taskGroup((tg) => {
    tg.startSoon(() => Promise.reject(new TypeError("not a type")));
    tg.startSoon(() => taskGroup(() => Promise.reject(new RangeError("out of range"))));
  });

describe("toMatchGroup", () => {
  test("passes for a rejection with a group that matches", async () => {
    await expect(failing()).rejects.toMatchGroup([group([RangeError]), TypeError]);
    await expect(failing()).rejects.toMatchGroup([/type/, "range"], { flatten: true });
  });

  test("fails with the text of expectGroup()", async () => {
    const failure = await caught(() => expect(failing()).rejects.toMatchGroup([TypeError]));
    expect(failure.message).toMatch(
      /^toMatchGroup\(\): the group does not match\nexpected exactly 1 error/,
    );
  });

  test(".not passes for what does not match, and fails showing what does", async () => {
    await expect(failing()).rejects.not.toMatchGroup([TypeError]);
    expect(new TypeError("no group")).not.toMatchGroup([TypeError]);
    const failure = await caught(() =>
      expect(failing()).rejects.not.toMatchGroup([TypeError, group([RangeError])]),
    );
    expect(failure.message).toMatch(/^toMatchGroup\(\): the group matches:\n/);
  });

  test("refuses patterns that make no sense, also with .not", () => {
    expect(() => expect(1).not.toMatchGroup([{}])).toThrow(TypeError);
  });
});
