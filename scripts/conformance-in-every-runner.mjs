// Registers the conformance suite in the test runners of Node, Bun and Deno, on the built packages:
// all of it must pass, and a backend that breaks a rule must fail by the name of the rule. Vitest is
// not among them, because the backends' own tests run there.
import { execFile } from "node:child_process";
import { atMost } from "./at-most.mjs";
import { count } from "./runners/subject.mjs";
import { locate } from "./runtimes.mjs";

const runners = [
  {
    name: "node:test",
    runtime: "node-20",
    args: ["--test", "--test-reporter=tap", "scripts/runners/node-test.mjs"],
    passed: /^# pass (\d+)$/m,
    failed: /^# fail (\d+)$/m,
  },
  {
    name: "bun:test",
    runtime: "bun-1",
    args: ["test", "./scripts/runners/bun-test.mjs"],
    passed: /^ *(\d+) pass$/m,
    failed: /^ *(\d+) fail$/m,
  },
  {
    name: "Deno.test",
    runtime: "deno-2",
    // Deno does not check the types of what is in node_modules, but a workspace's links lead out of it.
    args: ["test", "--allow-all", "--no-check", "scripts/runners/deno-test.mjs"],
    passed: /(\d+) passed/,
    failed: /(\d+) failed/,
  },
];

const faults = (await atMost(2, runners, check)).flat();
for (const fault of faults) console.error(fault);
process.exit(faults.length > 0 ? 1 : 0);

async function check(runner) {
  const { program } = await locate(runner.runtime);
  const fine = await run(runner, program, "0");
  const broken = await run(runner, program, "1");
  console.log(
    `${runner.name}: ${fine.passed} of ${count} pass; broken on purpose: ${broken.failed} fails`,
  );
  const wrong = [];
  if (fine.status !== 0 || fine.passed !== count || fine.failed !== 0) wrong.push(fine.text);
  const says = broken.text.includes("B1: A backend has a name");
  if (broken.status === 0 || broken.failed !== 1 || !says) wrong.push(broken.text);
  return wrong.map((text) => `${runner.name} went otherwise:\n${text}`);
}

function run({ args, passed, failed }, program, broken) {
  const env = { ...process.env, BROKEN: broken, NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(program, args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const text = stdout + stderr;
      const number = (pattern) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
      resolve({
        status: error ? error.code : 0,
        text,
        passed: number(passed),
        failed: number(failed),
      });
    });
  });
}
