import { promiseBackend } from "@anywhen/promise";
import type { Backend } from "anywhen";

/** A backend in a file of the application's. */
export const backend: Backend = { ...promiseBackend(), name: "local" } as Backend;
