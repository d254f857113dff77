import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runCli } from "../../src/cli/run-cli.ts";

const reference = pathToFileURL(resolve(import.meta.dirname, "../reference-backend.ts")).href;

/** What a command said and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** A folder of its own, in which commands run. Inside the repository, so that modules find packages. */
export class Workspace {
  readonly folder: string;

  constructor() {
    const parent = resolve("reports", "cli");
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(join(parent, "test-"));
  }

  /** Writes a file; in a module `referenceBackend` is there to be used. */
  write(name: string, text: string): void {
    const isModule = name.endsWith(".ts");
    const header = isModule
      ? `import { referenceBackend } from ${JSON.stringify(reference)};\n`
      : "";
    writeFileSync(join(this.folder, name), header + text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  files(folder: string): string[] {
    return readdirSync(join(this.folder, folder)).toSorted();
  }

  async run(args: readonly string[], interactive = false): Promise<Ended> {
    const said = { out: "", error: "" };
    const code = await runCli(args, {
      interactive,
      folder: this.folder,
      out: (text) => void (said.out += text),
      error: (text) => void (said.error += text),
    });
    return { code, ...said };
  }
}
