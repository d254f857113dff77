// What an author of a backend does who has only our published packages: copies templates/backend to a
// place outside the workspace, installs it by npm, from packed tarballs, and runs the suite. It must
// be green. Then the backend is broken, one line at a time, and each time the suite must be red and
// name the rule and say what was expected. Needs a build.
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const template = "templates/backend";
const packed = { "@anywhen/core": "packages/core", "@anywhen/conformance": "conformance-tests" };

const test = [process.execPath, "--import", "tsx", "--test"];
const testFile = "test/conformance.test.ts";
/** The cases that ask the backend itself: enough to see it break a rule, and done in a second. */
const ofBackends = ["--test-name-pattern", "^B1[0-8]\\."];

/** One line of the backend, what is put in its place, and what the suite must say of it. */
const breakages = [
  {
    fault: "calls back last in, first out",
    line: "for (const callback of queue.splice(0)) {",
    broken: "for (const callback of queue.splice(0).reverse()) {",
    complaint:
      /B11\.1: Callbacks of reschedule\(\) come first in, first out\. But expected .* came/,
  },
  {
    fault: "calls back synchronously",
    line: "if (waiting === 1) setImmediate(turn);",
    broken: "if (waiting === 1) turn();",
    complaint: /B10\.1: reschedule\(\) never calls back synchronously\. But expected .* came/,
  },
  {
    fault: "starves timers and I/O",
    line: "if (waiting === 1) setImmediate(turn);",
    broken: "if (waiting === 1) queueMicrotask(turn);",
    complaint:
      /B14\.1: However often reschedule\(\) is called in a row, timers get through .* But .* timers and I\/O run within/,
  },
  {
    fault: "leaks the async context of one task into another",
    line: "const bound = AsyncResource.bind(callback);",
    broken: "const bound = callback;",
    complaint: /B12\.1: A callback of reschedule\(\) runs in .* context .* But expected .* came/,
  },
  {
    fault: "swallows errors",
    line: "throw error;",
    broken: "void error;",
    complaint:
      /B13\.2: The error of a callback .* reaches the host's error reporting\. But .* the error was reported/,
  },
  {
    fault: "fires timers early",
    line: "let handle = setTimeout(fire, delayMs);",
    broken: "let handle = setTimeout(callback, delayMs / 2);",
    complaint:
      /B15\.1: When a timer fires, its instant has come by the backend's own clock\. But .* did not fire early/,
  },
  {
    fault: "keeps the process alive for a cancelled timer",
    line: "clearTimeout(handle);",
    broken: "void handle;",
    complaint:
      /B16\.4: A cancelled timer does not keep the process alive\. But expected \d+, .* came/,
  },
  {
    fault: "keeps the callback of a cancelled timer",
    line: "wanted = undefined;",
    broken: "void wanted;",
    complaint: /B16\.3: A cancelled timer keeps its callback not alive\. But .* are collected/,
  },
  {
    fault: "settles a task synchronously",
    line: "task.settled(await task.run());",
    broken: 'void task.run(), task.settled({ tag: "ok", value: undefined });',
    complaint: /B10\.2: spawn\(\) neither runs .* synchronously\. But expected .* came/,
  },
  {
    fault: "settles a task twice",
    line: "task.settled(await task.run());",
    broken: "task.run().then(task.settled), task.settled(await task.run());",
    complaint: /B17\.2: Every task is started once and settled once, .* But expected .* came/,
  },
];

const folder = mkdtempSync(join(tmpdir(), "anywhen-third-party-"));
// pnpm hands settings of the workspace down by the environment, where npm would find them.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(npm|pnpm|init_cwd|node_options)/i.test(name)),
);

/** Runs a program to its end; gives its exit code and all that it printed. */
function execute([command, ...args], cwd = folder) {
  return new Promise((settle, fail) => {
    const stdio = ["ignore", "pipe", "pipe"];
    const child = spawn(command, args, { cwd, env, stdio, timeout: 120_000 });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data) => (output += data));
    child.on("error", fail).on("close", (status) => settle({ status, output }));
  });
}

async function demandGreen(command, cwd) {
  const { status, output } = await execute(command, cwd);
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}:\n${output}`);
  return output;
}

/** The template with the packed tarballs for our packages; all else comes from the registry. */
async function install() {
  cpSync(template, folder, { recursive: true });
  for (const path of Object.values(packed))
    await demandGreen(["npx", "-y", "pnpm@12.21.0", "pack", "--pack-destination", folder], path);
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8"));
  for (const name of Object.keys(packed)) {
    const prefix = `${name.replace("@", "").replace("/", "-")}-`;
    const tarball = readdirSync(folder).find((entry) => entry.startsWith(prefix));
    manifest.devDependencies[name] = `file:${tarball}`;
  }
  writeFileSync(file, JSON.stringify(manifest, null, 2));
  await demandGreen(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]);
}

/** A copy of the backend and its test with one line of the backend broken. */
function breakLine({ line, broken }, index) {
  const copy = join(folder, `broken-${index + 1}`);
  for (const part of ["src", "test"])
    cpSync(join(folder, part), join(copy, part), { recursive: true });
  const file = join(copy, "src/my-backend.ts");
  const parts = readFileSync(file, "utf8").split(line);
  if (parts.length !== 2) throw new Error(`the template has to have this once: ${line}`);
  writeFileSync(file, parts.join(broken));
  return copy;
}

/** What is left of the runner's output without the tests that passed or were left out. */
function complaintsIn(output) {
  const silent = /^\s*(?:ok \d+|# Subtest)/;
  return output
    .split("\n")
    .filter((line) => !silent.test(line))
    .join("\n");
}

async function demandRed(breakage, index) {
  const copy = breakLine(breakage, index);
  const { status, output } = await execute([...test, ...ofBackends, testFile], copy);
  const found = breakage.complaint.exec(output);
  if (status === 0) throw new Error(`a backend that ${breakage.fault} passes the suite`);
  if (!found)
    throw new Error(`no complaint ${breakage.complaint} in this:\n${complaintsIn(output)}`);
  console.log(`a backend that ${breakage.fault}\n  ${found[0]}`);
}

try {
  await install();
  await demandGreen(["npm", "run", "typecheck"]);
  const green = await demandGreen([...test, testFile]);
  console.log(`green: ${/^# pass (\d+)$/m.exec(green)?.[1]} cases pass outside the workspace`);
  for (const [index, breakage] of breakages.entries()) await demandRed(breakage, index);
  console.log(`red: each of ${breakages.length} broken lines`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
