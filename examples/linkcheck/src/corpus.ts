import type { Dirent } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cancellable, mapConcurrent } from "anywhen";
import type { Site } from "./site.ts";

/** The checkout this program belongs to. */
const PROJECT = resolve(import.meta.dirname, "../../..");

/**
 * The site of the demo: the project's own documentation and every installed package, once per
 * version. What the documentation links to elsewhere in the project is served as well.
 *
 * Throws if nothing is installed.
 */
export async function demoSite(): Promise<Site> {
  const folders = await packageFolders(join(PROJECT, "node_modules"));
  const packages = new Map<string, string>();
  for (const found of await mapConcurrent(folders, identify, { concurrency: 16 })) {
    if (found && !packages.has(found.prefix)) packages.set(found.prefix, found.folder);
  }
  if (packages.size === 0) {
    throw new Error(`No packages found in ${PROJECT}/node_modules. Run "pnpm install" first.`);
  }
  const entries = [...packages.keys()].map((prefix) => encodeURI(prefix.slice(1))).sort();
  return {
    mounts: new Map([["/project/", PROJECT], ...packages]),
    entries: [...(await projectEntries()), ...entries],
  };
}

async function projectEntries(): Promise<string[]> {
  const names = await cancellable(readdir(PROJECT));
  const wanted: Record<string, string> = { "README.md": "README.md", docs: "docs/" };
  return names.flatMap((name) => (wanted[name] ? [`project/${wanted[name]}`] : []));
}

/**
 * The packages in a `node_modules` folder and in those below it, sorted.
 *
 * Links are not followed, so pnpm's store, which stands in `.pnpm`, is met once and workspace
 * packages, which the project's own folder holds, are not met at all.
 */
async function packageFolders(modules: string): Promise<string[]> {
  const nested = await mapConcurrent(
    await subfolders(modules),
    async ({ name }) => {
      const folder = join(modules, name);
      if (name === ".pnpm") return pnpmFolders(folder);
      if (name.startsWith(".")) return [];
      if (name.startsWith("@")) return packageFolders(folder);
      return [folder, ...(await packageFolders(join(folder, "node_modules")))];
    },
    { concurrency: 16 },
  );
  return nested.flat().sort();
}

async function pnpmFolders(store: string): Promise<string[]> {
  const entries = (await subfolders(store)).filter(({ name }) => name !== "node_modules");
  const nested = await mapConcurrent(
    entries,
    ({ name }) => packageFolders(join(store, name, "node_modules")),
    { concurrency: 16 },
  );
  return nested.flat();
}

async function subfolders(folder: string): Promise<Dirent[]> {
  const entries = await cancellable(readdir(folder, { withFileTypes: true }).catch(() => []));
  return entries.filter((entry) => entry.isDirectory());
}

async function identify(folder: string): Promise<{ prefix: string; folder: string } | undefined> {
  const text = await cancellable(readFile(join(folder, "package.json"), "utf8").catch(() => "{}"));
  const { name, version } = JSON.parse(text) as { name?: string; version?: string };
  return name && version ? { prefix: `/packages/${name}@${version}/`, folder } : undefined;
}
