import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { Workspace } from "./workspace.ts";

const tsx = resolve("node_modules/tsx/dist/cli.mjs");
const main = resolve("conformance-tests/src/cli/main.ts");

function program(workspace: Workspace, ...args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tsx, "--conditions=@anywhen/source", main, ...args],
    { cwd: workspace.folder, encoding: "utf8" },
  );
  return { status, text: stdout + stderr };
}

// Each starts a compiler and loads the suite.
const timeout = 60_000;

test(
  "the program ends with the command's exit code, even if a timer is left behind",
  () => {
    const workspace = new Workspace();
    workspace.write("mine.ts", "setInterval(() => {}, 1e6);\nexport default referenceBackend;");
    const { status, text } = program(workspace, "mine.ts", "--filter=C7");
    expect(text).toContain("✓ 2 pass");
    expect(status).toBe(0);
  },
  timeout,
);

test(
  "the program ends with 2 for a command that makes no sense, without a stack",
  () => {
    const { status, text } = program(new Workspace(), "nope.js");
    expect(text).toMatch(/^anywhen-conformance: nope\.js does not exist .*\n$/);
    expect(status).toBe(2);
  },
  timeout,
);

test(
  "an error that nobody catches between two cases ends the run, and what was found is reported",
  () => {
    const workspace = new Workspace();
    workspace.write(
      "leaky.ts",
      `
      let disposed = 0;
      const late = async () => {
        disposed += 1;
        if (disposed < 3) return; // the first two are of backends that are only looked at
        void Promise.reject(new Error("late"));
        await new Promise((resolve) => setTimeout(resolve));
      };
      export default { name: "leaky", create: referenceBackend, dispose: late };`,
    );
    const { status, text } = program(workspace, "leaky.ts", "--filter=C7");
    expect(text).toContain("leaky on node");
    expect(text).toContain("✓ 1 pass");
    expect(text).toContain(
      'stopped after C7.1: Error("late") was caught by nobody and reached the host\n',
    );
    expect(status).toBe(1);
  },
  timeout,
);

test(
  "an interruption by the user ends the run, and what was found is reported",
  () => {
    const workspace = new Workspace();
    workspace.write(
      "slow.ts",
      `
      let created = 0;
      const create = () => {
        created += 1;
        if (created === 3) process.emit("SIGINT"); // in the first case: two were only looked at
        return referenceBackend();
      };
      export default { name: "slow", create };`,
    );
    const { status, text } = program(workspace, "slow.ts", "--filter=C7", "--report=json");
    expect(text).toContain("✓ 1 pass");
    expect(text).toContain("wrote reports/slow.node-");
    expect(text).toContain("stopped after C7.1: interrupted\n");
    expect(status).toBe(1);
  },
  timeout,
);
