import { expect, test } from "vitest";
import { Workspace } from "./workspace.ts";

test.each([
  ["no module", [], "no module given: anywhen-conformance ./my-backend.js, or --help"],
  ["a file that is not there", ["nope.js"], "nope.js does not exist (looked for /"],
  ["two modules", ["a.js", "b.js"], "one module at a time, got also b.js"],
  ["an unknown option", ["a.js", "--bogus"], "Unknown option '--bogus'"],
  [
    "an unknown format",
    ["a.js", "--report=md,pdf"],
    "--report pdf is not known: choose from json, junit, html, md",
  ],
  ["a folder without a format", ["a.js", "--out=x"], "--out needs --report json,junit,html,md"],
  [
    "a filter that matches nothing",
    ["a.js", "--filter=C7,C99"],
    "--filter C99 matches no case. Give an id (C7.1)",
  ],
  ["a seed that is no integer", ["a.js", "--seed=x"], '--seed is "x", must be an integer'],
  ["a timeout of nothing", ["a.js", "--timeout=0"], "--timeout is 0, must be above 0"],
  ["a list of a module", ["a.js", "--list"], "--list takes no module, got a.js"],
  ["a merge of nothing", ["merge", "--report=md"], "merge needs JSON reports"],
  ["a merge into nothing", ["merge", "a.json"], "merge needs --report json,junit,html,md"],
  ["a merge with a seed", ["merge", "a.json", "--report=md", "--seed=1"], "takes no --seed"],
  ["a merge of what is not there", ["merge", "a.json", "--report=md"], "no such file"],
])("%s is refused with exit code 2", async (_what, args, message) => {
  const { code, error, out } = await new Workspace().run(args);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(error).toMatch(/^anywhen-conformance: /);
  expect(error).toContain(message);
});

test.each([
  ["nothing", "", "mine.ts has no default export; it exports nothing. Export as default a Subject"],
  [
    "other names",
    "export const backend = referenceBackend();",
    "has no default export; it exports backend",
  ],
  ["a number", "export default 5;", "the default export of mine.ts is 5"],
  [
    "an object that is neither",
    "const { setTimer, ...rest } = referenceBackend(); export default rest;",
    "is no Subject (it has no create()) and no Backend (it lacks setTimer())",
  ],
  [
    "a Subject without a name",
    "export default { create: referenceBackend };",
    "the Subject of mine.ts: name is undefined, must be a string",
  ],
  [
    "a Subject of wrong parts",
    "export default { name: 'x', create: 1, dispose: 2 };",
    "create is 1, must be a function; dispose is 2, must be a function",
  ],
  [
    "a function that makes no backend",
    "export default () => ({ name: 'x' });",
    "what mine.ts makes is no Backend: it lacks capabilities, now(), setTimer(), reschedule(), spawn(), run()",
  ],
  [
    "a function that promises a backend",
    "export default async () => referenceBackend();",
    "make it without waiting",
  ],
  [
    "a function that throws",
    "export default () => { throw new Error('no host'); };",
    'mine.ts makes no backend: Error("no host")',
  ],
  [
    "a known failure that is no case",
    "export default { name: 'x', create: referenceBackend, knownFailures: { C99: 'why' } };",
    "names no case of this suite: C99",
  ],
])("a module that exports %s is refused with exit code 2", async (_what, module, message) => {
  const workspace = new Workspace();
  workspace.write("mine.ts", module);
  const { code, error } = await workspace.run(["mine.ts"]);
  expect(code).toBe(2);
  expect(error).toContain(message);
});

test("a module that cannot be loaded is refused with the reason", async () => {
  const workspace = new Workspace();
  workspace.write("mine.ts", "throw new Error('broken at the top');");
  const { code, error } = await workspace.run(["mine.ts"]);
  expect(code).toBe(2);
  expect(error).toContain('mine.ts could not be loaded: Error("broken at the top")');
});

test("a folder for reports that cannot be made is refused", async () => {
  const workspace = new Workspace();
  workspace.write("mine.ts", "export default referenceBackend;");
  const { code, error } = await workspace.run([
    "mine.ts",
    "--filter=C7",
    "--report=md",
    "--out=mine.ts",
  ]);
  expect(code).toBe(2);
  expect(error).toMatch(/mine\.ts.*cannot be written: /);
});
