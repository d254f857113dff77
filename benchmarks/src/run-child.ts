import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Runtime, runArguments } from "./runtime.ts";

/** A module of this folder that writes what it found as JSON into the file named last. */
export type Module = "./measure-child.js" | "./count-child.js";

/**
 * Runs a module in a process of its own and resolves with what it found. Its output goes to stderr,
 * so that stdout holds nothing but what the caller prints.
 * @throws Error if it ended without a result
 */
export async function runChild<T>(
  runtime: Runtime,
  module: Module,
  args: readonly string[],
  v8Flags: readonly string[] = [],
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "anywhen-bench-"));
  const file = join(folder, "result.json");
  const path = fileURLToPath(new URL(module, import.meta.url));
  try {
    const child = spawn(
      runtime.executable,
      [...runArguments(runtime, v8Flags), path, ...args, file],
      { stdio: ["ignore", process.stderr, process.stderr] },
    );
    await new Promise<void>((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`it ended with ${signal ?? `exit code ${code}`}, see above`));
      });
    });
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
