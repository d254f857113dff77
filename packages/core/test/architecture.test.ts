import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));

interface Package {
  readonly folder: string;
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly peers: readonly string[];
}

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly lazy: boolean;
}

function foldersIn(parent: string): string[] {
  const folder = join(root, parent);
  return existsSync(folder) ? readdirSync(folder).map((name) => `${parent}/${name}`) : [];
}

function readPackage(folder: string): Package {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) as {
    name: string;
    dependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  };
  return {
    folder,
    name: manifest.name,
    dependencies: Object.keys(manifest.dependencies ?? {}),
    peers: Object.keys(manifest.peerDependencies ?? {}),
  };
}

function importsIn({ folder }: Package, inside: string): Import[] {
  const start = join(root, folder, inside);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => importsOf(join(start, name)));
}

// Statements start a line, so that a message which quotes one is not taken for an import.
const staticImport = /^[ \t]*(?:import|export|\})(?:[^"'`\n]*\bfrom)?\s*["']([^"'\n]+)["']/gm;
const dynamicImport = /\bimport\(\s*["']([^"'\n]+)["']/g;

function importsOf(file: string): Import[] {
  const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const found = (pattern: RegExp, lazy: boolean): Import[] =>
    [...code.matchAll(pattern)].map(([, specifier = ""]) => ({ file, specifier, lazy }));
  return [...found(staticImport, false), ...found(dynamicImport, true)];
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith(".");
}

/** The package part of a specifier: "@anywhen/core" of "@anywhen/core/deep", "node:fs" as it is. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** What a package's sources may import, by folder. `undefined` means that only the other rules hold. */
function allowedImports({ folder, peers }: Package): readonly string[] | undefined {
  if (folder === "packages/core") return [];
  // Its own packages, and Node's resolution algorithm, which Node 20 does not let one call.
  if (folder === "packages/anywhen") {
    return ["@anywhen/core", "@anywhen/promise", "import-meta-resolve"];
  }
  // Wrappers of backends need the contract; everything else it takes as any user would. Simulation
  // draws its seeded choices from a library.
  if (folder === "packages/testing") return ["@anywhen/core", "anywhen", "pure-rand", ...peers];
  if (folder === "conformance-tests") return ["@anywhen/core"];
  if (folder.startsWith("backends/")) return ["@anywhen/core", ...peers];
  return undefined;
}

/** Backends that `anywhen` finds by name at run time: named in its manifest, imported nowhere. */
function foundByName({ folder }: Package): readonly string[] {
  return folder === "packages/anywhen" ? ["@anywhen/effect", "@anywhen/rxjs"] : [];
}

/** Looking a backend up by name needs the host's files; a browser never comes to that line. */
function mayLoadLazily({ folder }: Package, { specifier, lazy }: Import): boolean {
  return folder === "packages/anywhen" && lazy && specifier.startsWith("node:");
}

/** A program, unlike a library, may need the host's files. */
function isProgram({ folder }: Package, { file, specifier }: Import): boolean {
  const programs = join(root, "conformance-tests/src/cli") + sep;
  return (
    folder === "conformance-tests" && file.startsWith(programs) && specifier.startsWith("node:")
  );
}

const packages = [
  ...["packages", "backends", "examples"].flatMap(foldersIn),
  "conformance-tests",
  "benchmarks",
]
  .filter((folder) => existsSync(join(root, folder, "package.json")))
  .map(readPackage);

const names = new Set(packages.map(({ name }) => name));

const restricted = packages.flatMap((subject) => {
  const allowed = allowedImports(subject);
  return allowed === undefined ? [] : [{ subject, allowed, name: subject.name }];
});

describe.each(restricted)("$name", ({ subject, allowed }) => {
  test("imports only what the architecture allows", () => {
    const wrong = importsIn(subject, "src").filter(
      (found) =>
        !isRelative(found.specifier) &&
        !allowed.includes(packageOf(found.specifier)) &&
        !mayLoadLazily(subject, found) &&
        !isProgram(subject, found),
    );
    expect(wrong).toEqual([]);
  });

  test("depends only on what the architecture allows", () => {
    const wrong = [...subject.dependencies, ...subject.peers].filter(
      (name) => !allowed.includes(name) && !foundByName(subject).includes(name),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each(packages)("$name", (subject) => {
  test("declares every package of the workspace that its sources import", () => {
    const declared = [subject.name, ...subject.dependencies, ...subject.peers];
    const missing = importsIn(subject, "src").filter(
      ({ specifier }) =>
        names.has(packageOf(specifier)) && !declared.includes(packageOf(specifier)),
    );
    expect(missing).toEqual([]);
  });

  test("reaches other packages by their public entries only", () => {
    const home = join(root, subject.folder) + sep;
    const outside = [...importsIn(subject, "src"), ...importsIn(subject, "test")].filter(
      ({ file, specifier }) =>
        isRelative(specifier)
          ? !resolve(dirname(file), specifier).startsWith(home)
          : names.has(packageOf(specifier)) && !isPublicEntry(specifier),
    );
    expect(outside.map(({ file, specifier }) => `${relative(root, file)}: ${specifier}`)).toEqual(
      [],
    );
  });
});

/** True when the package's `exports` list the path, so a deep import into `src` or `dist` is not. */
function isPublicEntry(specifier: string): boolean {
  const owner = packages.find(({ name }) => name === packageOf(specifier));
  if (owner === undefined) return false;
  const { exports = {} } = JSON.parse(
    readFileSync(join(root, owner.folder, "package.json"), "utf8"),
  ) as { exports?: Record<string, unknown> };
  return Object.hasOwn(exports, `.${specifier.slice(owner.name.length)}`);
}
