// Runs the demo on every backend, from the built packages, and demands the same report of each.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";

const backends = ["promise", "effect", "rxjs"];
const tsx = "node_modules/tsx/dist/cli.mjs";
const reports = new Map();

mkdirSync("reports", { recursive: true });
for (const backend of backends) {
  const file = `reports/linkcheck.${backend}.json`;
  const args = [tsx, "examples/linkcheck/src/main.ts", "--backend", backend, "--json", file];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  console.log(stdout.trimEnd().split("\n").slice(-2).join("\n"));
  if (status !== 0) {
    console.error(`the demo on the ${backend} backend ended with ${status}`);
    process.exit(1);
  }
  // `run` tells of this very run: its backend and its time.
  const report = JSON.parse(readFileSync(file, "utf8"));
  delete report.run;
  reports.set(backend, JSON.stringify(report));
}

const [first, ...others] = backends;
for (const other of others) {
  if (reports.get(other) === reports.get(first)) continue;
  console.error(`the demo reports something else on ${other} than on ${first}: compare reports/`);
  process.exit(1);
}
console.log(`the same report on ${backends.join(", ")}`);
