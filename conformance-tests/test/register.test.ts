import { afterEach, expect, test, vi } from "vitest";
import { cases, flatRunner, register, runConformance } from "../src/index.ts";
import { referenceBackend } from "./reference-backend.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
});

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

test("register() makes tests of the chosen cases only, and of no area that has none", () => {
  const names: string[] = [];
  register(
    { describe: (name, body) => (names.push(name), body()), it: (name) => names.push(name) },
    { name: "reference", create: referenceBackend },
    { filter: ({ id }) => id === "C7.2" },
  );
  expect(names).toEqual([
    "conformance of reference",
    "absorption",
    "C7.2 A body with no checkpoint runs to its end in a scope cancelled before",
  ]);
});

test("a registered test gives its case up after the time it is given", async () => {
  const bodies: (() => Promise<void>)[] = [];
  register(
    { describe: (_name, body) => body(), it: (_name, body) => bodies.push(body) },
    { name: "deaf", create: () => ({ ...referenceBackend(), reschedule: () => {} }) },
    { filter: ({ id }) => id === "B10.1", timeoutMs: 20 },
  );
  await expect(bodies[0]?.()).rejects.toThrow("had not ended after 20 ms");
});

test("flatRunner() puts the names of groups before the test's, for runners without describe", async () => {
  const titles: string[] = [];
  const bodies: (() => Promise<void>)[] = [];
  const runner = flatRunner((name, body) => {
    titles.push(name);
    bodies.push(body);
  });
  register(
    runner,
    { name: "reference", create: referenceBackend },
    { filter: ({ id }) => id === "C7.2" || id === "K2.1" },
  );
  expect(titles).toEqual([
    expect.stringMatching(/^conformance of reference > checkpoints > K2\.1 /),
    expect.stringMatching(/^conformance of reference > absorption > C7\.2 /),
  ]);
  await expect(bodies[1]?.()).resolves.toBe(undefined);
});

test("in `bun test`, which takes errors that nobody catches, cases that provoke some are skipped", async () => {
  const skippedOn = async (bun: boolean): Promise<unknown[]> => {
    if (bun) vi.stubGlobal("Bun", { gc: () => {} }).stubEnv("VITEST", undefined);
    const bodies: ((context: object) => Promise<void>)[] = [];
    register(
      { describe: (_name, body) => body(), it: (_name, body) => bodies.push(body) },
      { name: "reference", create: referenceBackend },
      { filter: ({ id }) => id === "B13.1" },
    );
    const reasons: unknown[] = [];
    await bodies[0]?.({ skip: (reason: unknown) => reasons.push(reason) });
    return reasons;
  };
  expect(await skippedOn(false)).toEqual([]);
  expect(await skippedOn(true)).toEqual([
    "B13.1: skipped, the test runner takes errors that nobody catches",
  ]);
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
