import { describe, expect, test } from "vitest";
import { cases, runConformance, toDoList } from "../src/index.ts";
import type { CaseResult, CaseStatus } from "../src/index.ts";
import { poorBackend } from "./poor-backend.ts";

const poor = { name: "poor", create: poorBackend };

describe("the to-do list of a poor backend", async () => {
  const results = await runConformance(poor, {
    filter: ({ rule }) => /^(?:B1\d|B3|B5|T1)$/.test(rule),
    timeoutMs: 300,
  });
  const list = toDoList("poor", results);

  test("begins with what the backend owes the core, rule by rule", () => {
    const rules = [...list.matchAll(/^ ?\d+\. (\S+) /gm)].map((match) => match[1]);
    expect(rules).toEqual(
      expect.arrayContaining(["B10", "B11", "B12", "B13", "B15", "B16", "B17"]),
    );
    expect(rules.indexOf("B17")).toBeLessThan(rules.indexOf("B5"));
    expect(list.indexOf("WHAT THE BACKEND OWES THE CORE")).toBeLessThan(list.indexOf("1. B10"));
    expect(list.indexOf("WHAT PROGRAMS SEE")).toBeLessThan(list.indexOf(" B5 "));
  });

  test("tells of a rule its wording, where to look, what was expected and what came", () => {
    expect(list).toContain(
      [
        " 2. B11  First come, first served, per kind of call.",
        "    Look at your queues: add at the end, take from the front (shift, not pop), and let nothing",
        "            overtake, such as a microtask that passes what waits for a macrotask.",
        "    - B11.1: Callbacks of reschedule() come first in, first out.",
        '      Expected ["0", "1", "2", … 97 more], and ["99", "98", "97", … 97 more] came (the order of',
        "      events).",
      ].join("\n"),
    );
  });

  test("fits a terminal", () => {
    const tooLong = list.split("\n").filter((line) => line.length > 100);
    expect(tooLong).toEqual([]);
  });
});

describe("a to-do list", () => {
  const result = (id: string, status: CaseStatus, message?: string): CaseResult => {
    const found = cases.find((testCase) => testCase.id === id);
    if (!found) throw new Error(`there is no case ${id}`);
    return {
      case: found,
      status,
      message: message && `${id}: ${found.title}. ${message}`,
      error: undefined,
      durationMs: 0,
    };
  };

  test("says so when there is nothing to do", () => {
    const list = toDoList("good", [result("C7.1", "pass"), result("B10.1", "skip")]);
    expect(list).toBe("good: nothing to do. 1 cases pass, 1 do not apply.");
  });

  test("lists a known failure that passes, and no other known failure", () => {
    const list = toDoList("known", [
      result("C7.1", "expected-fail", "But no"),
      result("C7.2", "unexpected-pass", "It passes: remove it from the list"),
    ]);
    expect(list).toContain("C7.2: A body with no checkpoint");
    expect(list).toContain("It passes: remove it from the list.");
    expect(list).toContain("1 case of 2 went wrong, 0 pass, 1 fail as is known");
    expect(list).not.toContain("C7.1");
  });

  test("names only the ids of the cases of a rule that are too many", () => {
    const many = cases.filter(({ rule }) => rule === "K1").slice(0, 4);
    const list = toDoList(
      "many",
      many.map(({ id }) => result(id, "fail", "But no")),
      { casesPerRule: 2 },
    );
    expect(list).toContain("- K1.2: ");
    expect(list).toContain("- and K1.3, K1.4");
  });

  test("sorts the rules by number, not by letters", () => {
    const ids = ["C10.1", "K1.1", "C9.1", "T1.1", "B2.1", "B18.1"];
    const list = toDoList(
      "order",
      ids.map((id) => result(id, "fail", "But no")),
    );
    expect([...list.matchAll(/^ ?\d+\. (\S+) /gm)].map((match) => match[1])).toEqual([
      "B18",
      "B2",
      "K1",
      "C9",
      "C10",
      "T1",
    ]);
  });
});
