// Runs vitest with the given arguments, then prints the closing line and keeps vitest's exit code.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";

const report = "reports/vitest.json";
const vitest = "node_modules/vitest/vitest.mjs";
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];

const run = (...args) => spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1;

// An old report must not speak for a run that crashed.
rmSync(report, { force: true });
const status = run(vitest, "run", ...reporters, ...process.argv.slice(2));

if (!existsSync(report)) {
  console.error(`vitest wrote no ${report}: it stopped before the tests ran, see above`);
  process.exit(status || 1);
}
run("scripts/test-summary.mjs");
process.exit(status);
