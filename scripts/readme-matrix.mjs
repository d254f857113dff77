// Writes the matrix of backends and runtimes into the README, from the reports of the last run on every
// runtime; with --check, demands instead that it stands there already. Passed cases are not counted, or
// every new case would change the page.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseReports } from "@anywhen/conformance/report";
import { runtimeNames } from "./runtimes.mjs";

const page = "README.md";
const folder = "reports/conformance";
const markers = ["<!-- matrix -->", "<!-- /matrix -->"];
const titles = {
  node: "Node",
  bun: "Bun",
  deno: "Deno",
  promise: "Promise",
  effect: "Effect",
  rxjs: "RxJS",
};
const names = {
  skip: "skipped",
  "not-run": "not run",
  "expected-fail": "known failures",
  "unexpected-pass": "unexpected passes",
  timeout: "timeouts",
  fail: "failures",
};

const reports = new Map(
  readdirSync(folder).map((name) => [
    name.replace(/\.json$/, ""),
    parseReports(readFileSync(`${folder}/${name}`, "utf8"), name)[0],
  ]),
);
const backends = ["promise", "effect", "rxjs"];
const rows = runtimeNames.map((runtime) => [
  titleOf(runtime),
  ...backends.map((backend) => cell(backend, runtime)),
]);
const table = [
  ["runtime", ...backends.map(titleOf)],
  backends.map(() => "---").concat("---"),
  ...rows,
]
  .map((cells) => `| ${cells.join(" | ")} |`)
  .join("\n");

const before = readFileSync(page, "utf8");
const [start, end] = markers.map((marker) => before.indexOf(marker));
if (start === -1 || end < start) throw new Error(`${page} has no ${markers.join(" and ")}`);
const after = `${before.slice(0, start + markers[0].length)}\n\n${table}\n\n${before.slice(end)}`;

if (!process.argv.includes("--check")) {
  writeFileSync(page, after);
  execFileSync(process.execPath, ["node_modules/oxfmt/bin/oxfmt", page], { stdio: "inherit" });
} else if (normalized(after) !== normalized(before)) {
  console.error(`${page} says otherwise than ${folder}, which has:\n${table}\nRun: pnpm matrix`);
  process.exit(1);
} else {
  console.log(`${page} agrees with ${reports.size} reports`);
}

/** "✓" if all cases passed, else how many did not, by status. */
function cell(backend, runtime) {
  const report = reports.get(`${backend}.${runtime}`);
  if (report === undefined)
    throw new Error(`no report of ${backend} on ${runtime}: pnpm test:runtimes`);
  const others = Object.entries(names)
    .filter(([status]) => report.totals[status] > 0)
    .map(([status, name]) => `${report.totals[status]} ${name}`);
  return others.length === 0 ? "✓ all cases" : others.join(", ");
}

/** "Node 20" of "node-20". */
function titleOf(name) {
  const [program, version] = name.split("-");
  return [titles[program], version].filter(Boolean).join(" ");
}

/** The formatter pads cells. */
function normalized(text) {
  return text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
}
