import { expect, test } from "vitest";
import { cases, register, runConformance } from "../src/index.ts";
import { referenceBackend } from "./reference-backend.ts";

test("register() makes a test of every case, by any runner's describe and it", () => {
  const titles: string[] = [];
  register(
    { describe: (_name, body) => body(), it: (name) => titles.push(name) },
    { name: "reference", create: referenceBackend },
  );
  expect(titles).toEqual(cases.map(({ id, title }) => `${id} ${title}`));
});

test("register() makes tests that take no argument, which some runners would take for a callback", () => {
  const bodies: (() => Promise<void>)[] = [];
  register(
    { describe: (_name, body) => body(), it: (_name, body) => bodies.push(body) },
    { name: "reference", create: referenceBackend },
  );
  expect(bodies.every((body) => body.length === 0)).toBe(true);
});

test("a registered test rejects with the complaint of its case, its rule and where to look", async () => {
  const bodies = new Map<string, () => Promise<void>>();
  const nameless = () => ({ ...referenceBackend(), name: "" });
  register(
    {
      describe: (_name, body) => body(),
      it: (name, body) => bodies.set(name.split(" ")[0] as string, body),
    },
    { name: "nameless", create: nameless },
  );
  await expect(bodies.get("B1")?.()).rejects.toThrow(
    /^B1: .*its name is a string.*\nRule B1: Every rule .*\nLook at name and capabilities/,
  );
});

test("a known failure that names no case is refused", async () => {
  const subject = {
    name: "mistyped",
    create: referenceBackend,
    knownFailures: { C99: "no such case" },
  };
  await expect(runConformance(subject)).rejects.toThrow("names no case of this suite: C99");
});

test("runConformance() runs the cases that the filter lets through, and reports each", async () => {
  const seen: string[] = [];
  const results = await runConformance(
    { name: "reference", create: referenceBackend },
    {
      filter: (testCase) => testCase.rule === "C7",
      onResult: (result) => seen.push(result.case.id),
    },
  );
  expect(results.map((result) => result.status)).toEqual(["pass", "pass"]);
  expect(seen).toEqual(["C7.1", "C7.2"]);
});
