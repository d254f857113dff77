import type { Backend } from "@anywhen/core";

/** The backend under test, and what is known about it. */
export interface Subject {
  readonly name: string;
  /** Makes a backend; called for every case, so that no case depends on another. */
  create(): Backend;
  /** Called with each backend made, after the case. */
  dispose?(backend: Backend): void | Promise<void>;
  /** Cases that fail today, by id, with the reason. One that passes is an error. */
  readonly knownFailures?: Readonly<Record<string, string>>;
}
