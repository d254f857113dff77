import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const main = join(import.meta.dirname, "../src/main.ts");

// Bun and Deno take other arguments to run TypeScript; they run the other tests of this folder.
const isNode = !("bun" in process.versions) && !("deno" in process.versions);

test.runIf(isNode)(
  "the demo answers what was waited for, and aborts what was not",
  () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--conditions=@anywhen/source", "--import", tsx, main],
      { encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout).toContain("aborted obs\n");
    expect(stdout).toContain("obser: observable, observe, observer");
    expect(stdout).toContain("aborted obv\n");
  },
  30_000,
);
