import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type BuildOptions, type BuildResult, type Plugin } from "esbuild";
import type { CoreMutant } from "./mutant.ts";
import { patched } from "./patched.ts";

const options: BuildOptions = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  conditions: ["@anywhen/source"],
  // Messages name classes.
  keepNames: true,
  write: false,
  logLevel: "silent",
};

/** Builds the programs of mutants into a folder; what is not mutated is built once. */
export class ProgramBuilder {
  private readonly folder: string;
  private readonly suite: Promise<string> = buildSuite();
  private unchanged: Promise<string> | undefined;
  private built = 0;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Builds `child.ts` and the suite on a core with the fault, or on the core as it is; returns the file. */
  build(mutant: CoreMutant | undefined): Promise<string> {
    return mutant === undefined ? (this.unchanged ??= this.write(undefined)) : this.write(mutant);
  }

  private async write(mutant: CoreMutant | undefined): Promise<string> {
    const folder = join(this.folder, String(++this.built));
    const [suite, core] = await Promise.all([this.suite, buildCore(mutant), mkdir(folder)]);
    const file = join(folder, "child.mjs");
    await Promise.all([writeFile(file, suite), writeFile(join(folder, "core.mjs"), core)]);
    return file;
  }
}

async function buildSuite(): Promise<string> {
  const core: Plugin = {
    name: "core",
    setup({ onResolve }) {
      onResolve({ filter: /^@anywhen\/core$/ }, () => ({ path: "./core.mjs", external: true }));
    },
  };
  const child = fileURLToPath(new URL("child.ts", import.meta.url));
  return textOf(await build({ ...options, entryPoints: [child], plugins: [core] }));
}

async function buildCore(mutant: CoreMutant | undefined): Promise<string> {
  const stdin = { contents: 'export * from "@anywhen/core"', resolveDir: import.meta.dirname };
  const plugins = mutant === undefined ? [] : [fault(mutant)];
  return textOf(await build({ ...options, stdin, plugins }));
}

function fault(mutant: CoreMutant): Plugin {
  return {
    name: "fault",
    setup({ onLoad, onEnd }) {
      const path = `/packages/core/src/${mutant.file}`;
      let found = false;
      onLoad({ filter: /\.ts$/ }, async (loaded) => {
        if (!loaded.path.replaceAll("\\", "/").endsWith(path)) return undefined;
        found = true;
        return { contents: patched(await readFile(loaded.path, "utf8"), mutant), loader: "ts" };
      });
      onEnd(({ errors }) => {
        if (found || errors.length > 0) return;
        throw new Error(`the mutant "${mutant.fault}" is stale: there is no ${path}`);
      });
    },
  };
}

function textOf({ outputFiles }: Pick<BuildResult, "outputFiles">): string {
  return outputFiles?.[0]?.text ?? "";
}
