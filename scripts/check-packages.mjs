// Runs publint and attw on every package that is published. Needs a build.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const inside = (folder) => readdirSync(folder).map((name) => join(folder, name));

const published = [...inside("packages"), ...inside("backends"), "conformance-tests"].filter(
  (folder) => {
    const manifest = join(folder, "package.json");
    return existsSync(manifest) && !JSON.parse(readFileSync(manifest, "utf8")).private;
  },
);

let failed = false;
for (const folder of published) {
  for (const check of [
    // publint calls `pnpm pack`, so this script must itself be run by pnpm.
    ["publint", "--strict", folder],
    ["attw", "--profile", "esm-only", "--pack", folder],
  ]) {
    console.log(`\n${check.join(" ")}`);
    const { status } = spawnSync(check[0], check.slice(1), { stdio: "inherit" });
    failed ||= status !== 0;
  }
}
process.exit(failed ? 1 : 0);
