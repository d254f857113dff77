import type { Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { cancellable } from "anywhen";

/** A tree of addresses made of folders on disk. */
export interface Site {
  /** Folders by the path they are served under, which begins and ends with "/". */
  readonly mounts: ReadonlyMap<string, string>;
  /** What "/" lists where no folder is mounted there: relative links. */
  readonly entries?: readonly string[];
}

/** What stands at a path of a site. */
export type Resource =
  | { readonly kind: "file"; readonly file: string; readonly size: number }
  /** An address that lacks its final slash, without which relative links would lead astray. */
  | { readonly kind: "moved"; readonly to: string }
  /** A folder without index.html: relative links to what is in it. */
  | { readonly kind: "listing"; readonly entries: readonly string[] };

/** Finds what `path`, percent-encoded as in a URL, stands for; undefined if there is nothing. */
export async function locate(site: Site, path: string): Promise<Resource | undefined> {
  const segments = decodePath(path);
  if (!segments) return undefined;
  const place = findPlace(site, segments);
  if (!place) {
    return path === "/" && site.entries ? { kind: "listing", entries: site.entries } : undefined;
  }

  const stats = await statOrUndefined(place);
  if (stats?.isFile()) {
    return path.endsWith("/") ? undefined : { kind: "file", file: place, size: stats.size };
  }
  if (!stats?.isDirectory()) return undefined;
  if (!path.endsWith("/")) return { kind: "moved", to: `${path}/` };

  const index = join(place, "index.html");
  const indexStats = await statOrUndefined(index);
  if (indexStats?.isFile()) return { kind: "file", file: index, size: indexStats.size };
  return { kind: "listing", entries: await folderEntries(place) };
}

/** Undefined for what no file can be called, or what would climb out of its folder. */
function decodePath(path: string): string[] | undefined {
  try {
    const segments = path.split("/").filter(Boolean).map(decodeURIComponent);
    return segments.some((name) => name === ".." || /[/\\\0]/.test(name)) ? undefined : segments;
  } catch {
    return undefined;
  }
}

function findPlace(site: Site, segments: readonly string[]): string | undefined {
  for (let length = segments.length; length >= 0; length--) {
    const prefix = ["", ...segments.slice(0, length), ""].join("/");
    const folder = site.mounts.get(prefix);
    if (folder !== undefined) return [folder, ...segments.slice(length)].join(sep);
  }
  return undefined;
}

async function folderEntries(folder: string): Promise<string[]> {
  const entries = await cancellable(readdir(folder, { withFileTypes: true }));
  return entries
    .filter(({ name }) => name !== "node_modules" && !name.startsWith("."))
    .map((entry) => encodeURIComponent(entry.name) + (entry.isDirectory() ? "/" : ""))
    .sort();
}

function statOrUndefined(path: string): Promise<Stats | undefined> {
  return cancellable(stat(path).catch(() => undefined));
}
