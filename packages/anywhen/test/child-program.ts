import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How a program of `programs/` ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program of `programs/` in a process of its own. */
export class ChildProgram {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";
  #watchers: (() => void)[] = [];

  constructor(name: string, options: { env?: Record<string, string>; args?: string[] } = {}) {
    const script = fileURLToPath(new URL(`programs/${name}`, import.meta.url));
    const home = fileURLToPath(new URL("..", import.meta.url));
    const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
    // What a test runner sets for its own workers is not for the program.
    delete env["NODE_OPTIONS"];
    this.#child = spawn(
      process.execPath,
      ["--import", "tsx", "--conditions=@anywhen/source", script, ...(options.args ?? [])],
      { cwd: home, env, stdio: ["ignore", "pipe", "pipe"], timeout: 20_000 },
    );
    this.#child.stdout?.on("data", (text: Buffer) => {
      this.#stdout += text.toString();
      for (const watch of this.#watchers) watch();
    });
    this.#child.stderr?.on("data", (text: Buffer) => (this.#stderr += text.toString()));
    this.ended = new Promise((resolve, reject) => {
      this.#child.on("error", reject);
      this.#child.on("close", (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** Resolves once the program has written `text`; rejects if it ends before. */
  async wrote(text: string): Promise<void> {
    const seen = new Promise<true>((resolve) => {
      const watch = (): void => {
        if (this.#stdout.includes(text)) resolve(true);
      };
      this.#watchers.push(watch);
      watch();
    });
    const first = await Promise.race([seen, this.ended]);
    if (first !== true && !first.stdout.includes(text)) {
      throw new Error(`the program ended without writing ${text}:\n${first.stdout}${first.stderr}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
