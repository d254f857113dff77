import { type Backend, BackendNotFoundError, missingFromBackend } from "@anywhen/core";

/** Backends that have a package of ours, with what must be installed for them. */
const ours: Readonly<Record<string, readonly string[]>> = {
  effect: ["@anywhen/effect", "effect"],
  rxjs: ["@anywhen/rxjs", "rxjs"],
};

/**
 * Loads a backend by short name (`effect`), package name or path. Names are looked up from the
 * application's folder, because strict package managers hide its dependencies from ours.
 *
 * @throws BackendNotFoundError if nothing is found, if loading fails, or if what it exports is no backend
 */
export async function loadBackend(name: string): Promise<Backend> {
  const url = await locate(specifiersFor(name));
  if (url === undefined) throw new BackendNotFoundError(notFound(name));
  try {
    return await backendOf((await import(/* @vite-ignore */ url)) as Record<string, unknown>, name);
  } catch (error) {
    if (error instanceof BackendNotFoundError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new BackendNotFoundError(`backend "${name}" could not be loaded: ${message}`, {
      cause: error,
    });
  }
}

function specifiersFor(name: string): string[] {
  if (ours[name] !== undefined) return [`@anywhen/${name}`];
  return /^[a-z][a-z0-9-]*$/.test(name) ? [`@anywhen/${name}`, name] : [name];
}

/** The first specifier that resolves, from the working directory, from the main script, from here. */
async function locate(specifiers: readonly string[]): Promise<string | undefined> {
  const { moduleResolve } = await import("import-meta-resolve");
  const conditions = new Set(["node", "import", ...hostConditions()]);
  for (const parent of await parents()) {
    for (const specifier of specifiers) {
      try {
        return moduleResolve(specifier, new URL(parent), conditions).href;
      } catch {
        // Not from there: the next place may see it.
      }
    }
  }
  return undefined;
}

/** Conditions that the process was started with: a backend resolves as the application's imports do. */
function hostConditions(): string[] {
  const options = [...process.execArgv, ...(process.env["NODE_OPTIONS"]?.split(/\s+/) ?? [])];
  return options.flatMap((option, index) => {
    if (option === "-C" || option === "--conditions") return options[index + 1] ?? [];
    return /^(?:-C|--conditions)=(.+)$/.exec(option)?.[1] ?? [];
  });
}

async function parents(): Promise<string[]> {
  const { pathToFileURL } = await import("node:url");
  const { realpathSync } = await import("node:fs");
  const found = [pathToFileURL(`${process.cwd()}/`).href];
  try {
    if (process.argv[1] !== undefined)
      found.push(pathToFileURL(realpathSync(process.argv[1])).href);
  } catch {
    // Started without a script of its own, as in a REPL.
  }
  return [...found, import.meta.url];
}

/** A module offers its backend as `backend` or as its default: an object, or a function that makes one. */
async function backendOf(module: Record<string, unknown>, name: string): Promise<Backend> {
  const offered = module["backend"] ?? module["default"];
  if (offered === undefined) {
    const exported = Object.keys(module).join(", ") || "nothing";
    throw new BackendNotFoundError(
      `module "${name}" is no backend: it must export \`backend\` (or a default), a Backend or a ` +
        `function that returns one; it exports ${exported}`,
    );
  }
  const backend: unknown =
    typeof offered === "function" ? await (offered as () => unknown)() : offered;
  const missing = missingFromBackend(backend);
  if (missing.length === 0) return backend as Backend;
  throw new BackendNotFoundError(
    `the backend of module "${name}" is incomplete: it lacks ${missing.join(", ")}`,
  );
}

function notFound(name: string): string {
  const packages = ours[name];
  if (packages !== undefined) {
    return `backend "${name}" is not installed. Install it in the application: npm install ${packages.join(" ")}`;
  }
  if (/^(\.|\/|file:)/.test(name)) {
    return `backend "${name}" is not there: a path counts from the working directory, ${process.cwd()}`;
  }
  return (
    `backend "${name}" was not found. Built in: "promise". By name: ${Object.keys(ours)
      .map((known) => `"${known}"`)
      .join(", ")}. ` +
    `If "${name}" is a package, install it in the application: npm install ${name}`
  );
}
