import { describe, expect, test } from "vitest";
import { ChildProgram } from "./child-program.ts";

describe("run({ signals })", { timeout: 30_000 }, () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "one %s cancels: cleanup runs, run() rejects with ScopeCancelledError and the process ends by itself",
    async (signal) => {
      const program = new ChildProgram("service.ts");
      await program.wrote("ready");
      program.kill(signal);
      expect(await program.ended).toMatchObject({
        code: 0,
        signal: null,
        stdout: `ready\ncleanup begins\ncleanup is done\nERR_SCOPE_CANCELLED ${signal}\n`,
        stderr: "",
      });
    },
  );

  test.each([
    { first: "SIGINT", second: "SIGINT", code: 130 },
    { first: "SIGTERM", second: "SIGTERM", code: 143 },
    { first: "SIGTERM", second: "SIGINT", code: 130 },
  ] as const)(
    "a second signal ends the process at once: $first, then $second exits with $code",
    async ({ first, second, code }) => {
      const program = new ChildProgram("service.ts", { args: ["slowly"] });
      await program.wrote("ready");
      program.kill(first);
      await program.wrote("cleanup begins");
      program.kill(second);
      expect(await program.ended).toMatchObject({
        code,
        stdout: "ready\ncleanup begins\n",
        stderr: "",
      });
    },
  );
});

describe("a program", { timeout: 30_000 }, () => {
  test("C24: works outside every run on the built-in backend", async () => {
    const { stdout, stderr, code } = await new ChildProgram("outside-runs.ts").ended;
    expect(stdout.trimEnd().split("\n")).toEqual([
      "inside a scope false",
      "backend promise",
      "aborted false",
      "slept true",
      "gathered 1,2",
      "moved on undefined",
      "timed out true",
      "done",
    ]);
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  });

  test("ends by itself as soon as its run has ended", async () => {
    const { stdout, stderr, code } = await new ChildProgram("prompt-end.ts").ended;
    expect(stdout).toBe("exit 0 after less than a minute: true\n");
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
  });

  test("D2: prints an uncaught TaskGroupError as a tree of tasks, messages, stacks and causes", async () => {
    const { stderr, code } = await new ChildProgram("failing-group.ts").ended;
    expect(code).toBe(1);
    const lines = stderr.split("\n");
    const find = (text: string): number => lines.findIndex((line) => line.includes(text));
    const tree = [
      'TaskGroupError: 1 error in task group "server"',
      '└─ task "storage": TaskGroupError',
      '└─ task "writer": TypeError: the disk is full',
      "failing-group.ts",
      "[cause]: Error: ENOSPC",
    ];
    for (const line of tree) expect(stderr).toContain(line);
    expect(find(tree[0] as string)).toBeLessThan(find(tree[1] as string));
    expect(find(tree[1] as string)).toBeLessThan(find(tree[2] as string));
  });

  test.each(["two", "three"])(
    "D3: is told once that it has loaded %s copies, which know each other's cancellations",
    async (copies) => {
      const { stdout, stderr, code } = await new ChildProgram("two-copies.ts", { args: [copies] })
        .ended;
      const lines = stdout.trimEnd().split("\n");
      expect(lines.filter((line) => line === "warning ANYWHEN_DUPLICATE")).toHaveLength(1);
      expect(lines.filter((line) => line.startsWith("known to")).at(-1)).toMatch(/true$/);
      expect(lines.at(-1)).toBe("done");
      expect(stderr).toContain("npm ls @anywhen/core");
      expect(code).toBe(0);
    },
  );

  test("D3: is told nothing when it has loaded one", async () => {
    const { stdout, stderr } = await new ChildProgram("two-copies.ts", { args: ["one"] }).ended;
    expect({ stdout, stderr }).toEqual({ stdout: "done\n", stderr: "" });
  });
});

describe("ANYWHEN_BACKEND", { timeout: 30_000 }, () => {
  test.each([
    { value: "promise", says: "ran on promise" },
    { value: "", says: "ran on promise" },
    { value: "./test/programs/local-backend.ts", says: "ran on local" },
  ])("of $value is what run() uses", async ({ value, says }) => {
    const program = new ChildProgram("named-backend.ts", { env: { ANYWHEN_BACKEND: value } });
    expect((await program.ended).stdout).toBe(`${says}\n`);
  });

  test("that names nothing is a BackendNotFoundError that says what to install", async () => {
    const program = new ChildProgram("named-backend.ts", { env: { ANYWHEN_BACKEND: "nosuch" } });
    const { stdout } = await program.ended;
    expect(stdout).toMatch(
      /^BackendNotFoundError ERR_BACKEND_NOT_FOUND .*"nosuch".*npm install nosuch/,
    );
  });
});
