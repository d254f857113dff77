import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import type { Report } from "../src/report.ts";
import { withSite, type Answer } from "./fixture-site.ts";

const PACKAGE = join(import.meta.dirname, "..");
const require = createRequire(import.meta.url);
const TSX = pathToFileURL(require.resolve("tsx")).href;

interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the program; `interrupt` presses Ctrl-C, `exit` is how it ended. */
function linkcheck(...args: string[]): { interrupt: () => void; exit: Promise<Exit> } {
  const child = spawn(
    process.execPath,
    ["--conditions=@anywhen/source", "--import", TSX, join(PACKAGE, "src/main.ts"), ...args],
    { cwd: PACKAGE, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } },
  );
  const code = new Promise<number | null>((resolve) => child.on("close", resolve));
  const exit = Promise.all([code, text(child.stdout), text(child.stderr)]).then(
    ([code, stdout, stderr]) => ({ code, stdout, stderr }),
  );
  return { interrupt: () => child.kill("SIGINT"), exit };
}

async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "linkcheck-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

// Bun and Deno take other arguments to run TypeScript; they run the other tests of this folder.
const isNode = !("bun" in process.versions) && !("deno" in process.versions);

describe.runIf(isNode)("the program", { timeout: 60_000 }, () => {
  it("exits with 0 if every link works", async () => {
    const { code, stdout } = await withSite(
      { "/": `<a href="/">` },
      ({ url }) => linkcheck(url).exit,
    );
    expect(stdout).toContain("1 page, 0 other files, 1 link: 0 broken links, 0 broken anchors");
    expect(code).toBe(0);
  });

  it("exits with 1 if a link is broken, and writes the report", () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, "a.md"), "[gone](gone.md) [nowhere](#nowhere)");
      const json = join(folder, "report.json");
      const { code, stdout } = await linkcheck(folder, "--json", json).exit;
      const report = JSON.parse(await readFile(json, "utf8")) as Report;
      expect(stdout).toContain("gone.md  HTTP 404");
      expect(report).toMatchObject({ schema: 1, complete: true, site: folder });
      expect(report.problems.map(({ page, link }) => [page, link])).toEqual([
        ["/a.md", "#nowhere"],
        ["/a.md", "gone.md"],
      ]);
      expect(code).toBe(1);
    }));

  it.each([
    [["--concurrency", "0"], "'0' is invalid"],
    [["./no-such-folder"], '"./no-such-folder" is neither a folder nor an http(s) URL'],
    [[PACKAGE, "--backend", "@anywhen/no-such-backend"], "@anywhen/no-such-backend"],
  ])("exits with 2 on %j", async (args, message) => {
    const { code, stdout, stderr } = await linkcheck(...args).exit;
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("exits with 130 on Ctrl-C and reports what it has", async () => {
    let stop: () => void = () => {};
    // Ctrl-C comes while this request waits for an answer that never comes.
    const stuck: Answer = () => stop();
    const { code, stdout } = await withSite(
      { "/": `<a href="stuck">`, "/stuck": stuck },
      ({ url }) => {
        const program = linkcheck(url);
        stop = program.interrupt;
        return program.exit;
      },
    );
    expect(stdout).toContain("Stopped early");
    expect(stdout).toContain("1 page, 0 other files, 1 link:");
    expect(stdout).toContain("1 not reached");
    expect(code).toBe(130);
  });
});
