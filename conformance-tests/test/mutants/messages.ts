import type { CaseStatus } from "../../src/index.ts";

/** What a child process is told to do. */
export interface Order {
  readonly ids: readonly string[];
  /** The fault of the backend to run them on; none is the reference backend. */
  readonly backendFault: string | undefined;
  /** Real time after which a case is given up; one about the host's own clock has more. */
  readonly timeoutMs: number;
}

/** A case is about to run. */
interface Begun {
  readonly begun: string;
  readonly title: string;
}

/** How one case went. */
export interface Finding {
  readonly id: string;
  /** `hung`: it took its process down with it, or kept it from ever answering. */
  readonly status: CaseStatus | "hung";
  readonly message: string;
}

/** What a child process tells. */
export type Answer = Begun | Finding;
