import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { missingFromBackend, type Backend } from "@anywhen/core";
import { checkKnownFailures } from "../known-failures.ts";
import { show } from "../show.ts";
import type { Subject } from "../subject.ts";
import { BadUsage } from "./bad-usage.ts";

const wanted =
  "Export as default a Subject ({ name, create() }), a function that makes a Backend, or a Backend.";

/**
 * Loads the module at `file`, relative to `folder`, and makes a subject of its default export. A
 * function or an object without a name of its own is named as the backend that it makes names itself.
 *
 * @throws BadUsage if there is no such file, or if what it exports is no backend, with what is missing
 */
export async function loadSubject(file: string, folder: string): Promise<Subject> {
  const path = resolve(folder, file);
  if (!existsSync(path)) throw new BadUsage(`${file} does not exist (looked for ${path})`);
  const exported = await defaultExportOf(file, path);
  return checked(toSubject(file, exported), file);
}

async function defaultExportOf(file: string, path: string): Promise<unknown> {
  let module: Record<string, unknown>;
  try {
    module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    throw new BadUsage(`${file} could not be loaded: ${show(error)}`);
  }
  if ("default" in module) return module["default"];
  const names = Object.keys(module).join(", ");
  throw new BadUsage(
    `${file} has no default export; ${names ? `it exports ${names}` : "it exports nothing"}. ${wanted}`,
  );
}

function toSubject(file: string, exported: unknown): Subject {
  if (typeof exported === "function") {
    return { name: "", create: exported as () => Backend };
  }
  if (typeof exported !== "object" || exported === null) {
    throw new BadUsage(`the default export of ${file} is ${show(exported)}. ${wanted}`);
  }
  if ("create" in exported) {
    const { create, name, dispose } = exported as Partial<Record<keyof Subject, unknown>>;
    const faults = [
      ...(typeof create === "function" ? [] : [`create is ${show(create)}, must be a function`]),
      ...(typeof name === "string" ? [] : [`name is ${show(name)}, must be a string`]),
      ...(dispose === undefined || typeof dispose === "function"
        ? []
        : [`dispose is ${show(dispose)}, must be a function`]),
    ];
    if (faults.length > 0) throw new BadUsage(`the Subject of ${file}: ${faults.join("; ")}`);
    return exported as Subject;
  }
  const missing = missingFromBackend(exported);
  if (missing.length === 0) return { name: "", create: () => exported as Backend };
  throw new BadUsage(
    `the default export of ${file} is no Subject (it has no create()) and no Backend (it lacks ${missing.join(", ")}). ${wanted}`,
  );
}

/** Makes one backend, to tell what is wrong with it before 700 cases do. */
async function checked(subject: Subject, file: string): Promise<Subject> {
  let backend: Backend;
  try {
    checkKnownFailures(subject);
    backend = subject.create();
  } catch (error) {
    throw new BadUsage(`${file} makes no backend: ${show(error)}`);
  }
  const missing = missingFromBackend(backend);
  if (missing.length > 0) {
    const hint = backend instanceof Promise ? ": make it without waiting" : "";
    throw new BadUsage(
      `what ${file} makes is no Backend: it lacks ${missing.join(", ")}. It is ${show(backend)}${hint}`,
    );
  }
  await subject.dispose?.(backend);
  if (subject.name !== "") return subject;
  return { ...subject, name: backend.name || basename(file, extname(file)) };
}
