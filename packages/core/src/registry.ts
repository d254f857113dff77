import { missingFromBackend, type Backend } from "./backend.ts";
import { type Engine, engineOf } from "./engine.ts";
import { BackendNotFoundError, UsageError } from "./errors.ts";
import { hostProcess } from "./host.ts";

/** A backend object, or the name or import specifier of one ("promise", "effect", "rxjs", "@acme/my-backend", "./local.js"). */
export type BackendSpec = Backend | string;

/** Finds the backend that a name or import specifier stands for; rejects with `BackendNotFoundError`. */
export type BackendLoader = (name: string) => Promise<Backend>;

let builtIn: Backend | undefined;
let configured: Backend | undefined;
let load: BackendLoader | undefined;
/** Backends loaded by name: one object per name, so that all runs of a process share clock and timers. */
const loaded = new Map<string, Promise<Backend>>();

/**
 * Installs what this package leaves to the one above it: the built-in default backend and the
 * lookup of others by name. Importing `anywhen` does it.
 */
export function installBackends(defaultBackend: Backend, loader: BackendLoader): void {
  builtIn ??= defaultBackend;
  load ??= loader;
}

/**
 * Sets the process-wide default and loads it, so that code outside `run()` uses it too. Without a
 * backend it restores the built-in one.
 *
 * @throws BackendNotFoundError if there is no such backend; the default stays as it was
 */
export async function configure(options: { backend?: BackendSpec }): Promise<void> {
  configured = options.backend === undefined ? undefined : await findBackend(options.backend);
}

/** The process-wide default, as far as it can be known without loading anything. */
export function defaultBackend(): Backend {
  const backend = configured ?? builtIn;
  if (backend !== undefined) return backend;
  throw new BackendNotFoundError(
    'no default backend: import from "anywhen", which brings one, or call run(main, { backend })',
  );
}

export function defaultEngine(): Engine {
  return engineOf(defaultBackend());
}

/**
 * The backend of a run: what was asked for, else `configure()`, else ANYWHEN_BACKEND, else the
 * built-in one. Synchronous where nothing has to be loaded.
 */
export function findBackend(spec: BackendSpec | undefined): Backend | Promise<Backend> {
  const wanted = spec ?? configured ?? (hostProcess?.env?.["ANYWHEN_BACKEND"] || undefined);
  if (wanted === undefined) return defaultBackend();
  if (typeof wanted === "string") return wanted === builtIn?.name ? builtIn : loadOnce(wanted);
  const missing = missingFromBackend(wanted);
  if (missing.length === 0) return wanted;
  throw new UsageError(`this is no backend: it lacks ${missing.join(", ")}`);
}

function loadOnce(name: string): Promise<Backend> {
  if (load === undefined) {
    throw new BackendNotFoundError(
      `backend "${name}" cannot be looked up by @anywhen/core alone: import from "anywhen", or pass a backend object`,
    );
  }
  let backend = loaded.get(name);
  if (backend === undefined) {
    backend = load(name);
    loaded.set(name, backend);
    backend.catch(() => loaded.delete(name));
  }
  return backend;
}
