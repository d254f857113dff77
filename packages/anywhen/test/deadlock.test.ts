import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("programs/deadlocks.ts", import.meta.url));
const viaSource = ["--import", "tsx", "--conditions=@anywhen/source"];

test("D1 a run that can make no progress fails and lists what each task waits for; others go on", () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [...viaSource, program], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.trimEnd().split("\n")).toEqual([
    "cleaned up",
    "cleaned up",
    'two locks: DeadlockError: run "crossing" can make no progress: all of its 3 tasks wait, and nothing is left that could wake them',
    '  task "crossing" waits for the tasks of an unnamed task group',
    '  task "one" waits for Lock "right" held by task "other"',
    '  task "other" waits for Lock "left" held by task "one"',
    'shielded: DeadlockError: run "main" can make no progress: its only task waits, and nothing is left that could wake them',
    '  task "main" waits for its cancellation',
    'inner run: DeadlockError: run "inner" can make no progress: its only task waits, and nothing is left that could wake them',
    '  task "inner" waits for its cancellation',
    "with a deadline: resolved with undefined",
    "foreign promise: resolved with a value",
  ]);
});
