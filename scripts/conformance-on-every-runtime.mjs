// Runs the conformance suite on every backend and runtime, on the built packages, by the suite's own
// command. Writes a report of each, and of all of them together. Arguments: names of runtimes, or none
// for all.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { atMost } from "./at-most.mjs";
import { locate, runtimeNames } from "./runtimes.mjs";

const command = "conformance-tests/dist/cli/main.js";
const folder = "reports/conformance";
const backends = ["promise", "effect", "rxjs"];
const giveUpAfterMs = 180_000;
// Each keeps one core busy, and some cases read the clock.
const limit = Math.min(2, availableParallelism());

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !runtimeNames.includes(name));
if (unknown.length > 0) {
  console.error(`no such runtime: ${unknown.join(", ")}. There are ${runtimeNames.join(", ")}`);
  process.exit(2);
}

// An old report must not speak for a run that crashed.
rmSync(folder, { recursive: true, force: true });

const runtimes = await atMost(limit, wanted.length > 0 ? wanted : runtimeNames, locate);
const runs = runtimes.flatMap((runtime) => backends.map((backend) => ({ runtime, backend })));
const failures = (await atMost(limit, runs, run)).filter((passed) => !passed).length;

const reports = readdirSync(folder).map((name) => `${folder}/${name}`);
const inOrder = runs
  .map(({ runtime, backend }) => `${folder}/${backend}.${runtime.name}.json`)
  .filter((name) => reports.includes(name));
const merge = [command, "merge", ...inOrder, "--report", "html,md,junit", "--out", "reports"];
const { status } = spawnSync(process.execPath, merge, { stdio: "inherit" });

console.log(`${runs.length - failures} of ${runs.length} runs conform`);
process.exit(failures > 0 || status !== 0 ? 1 : 0);

/** Prints one line if all is well, everything the command said if not. */
async function run({ runtime, backend }) {
  const subject = `scripts/subjects/${backend}.mjs`;
  const args = [...runtime.args, command, subject, "--report=json", `--out=${folder}`];
  const child = spawn(runtime.program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: giveUpAfterMs,
    killSignal: "SIGKILL",
  });
  const said = [];
  child.stdout.on("data", (chunk) => said.push(chunk));
  child.stderr.on("data", (chunk) => said.push(chunk));
  const ending = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
  const text = Buffer.concat(said).toString();
  if (ending === 0) {
    console.log(text.split("\n").find((line) => line.includes(" on ")) ?? text);
    return true;
  }
  console.log(`${backend} on ${runtime.name} ended with ${ending}:\n${text}`);
  return false;
}
