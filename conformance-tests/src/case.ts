import type { Backend } from "@anywhen/core";
import type { CaseContext } from "./case-context.ts";

/** Something a backend may or may not be able to do, as it says itself. */
export type Capability = keyof Backend["capabilities"];

/** Whether every backend has to pass a case, or only should. */
export type Level = "must" | "should";

/** The time a case runs on: it needs none, a virtual one, or the real one. */
export type Clock = "none" | "virtual" | "real";

/** One sentence that is true of a conforming backend, and the program that shows it. */
export interface Case {
  /** Stable for ever: the rule's number, and a second number if the rule has several cases ("C7.2"). */
  readonly id: string;
  /** The rule of semantics.md or backend.md that the case belongs to ("C7"). */
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  readonly clock: Clock;
  /** Skipped on a backend that lacks one of these. */
  readonly needs: readonly Capability[];
  /** Skipped on a backend that has one of these. */
  readonly unless: readonly Capability[];
  readonly run: (t: CaseContext) => Promise<void>;
}

/** What a case does. */
export type CaseBody = (t: CaseContext) => Promise<void>;

/** A case that sets no timer and has no deadline. */
export function timeless(id: string, title: string, run: CaseBody): Case {
  return define(id, title, "none", run);
}

/** A case whose hours pass in milliseconds: time moves on only while every task waits. */
export function virtual(id: string, title: string, run: CaseBody): Case {
  return define(id, title, "virtual", run);
}

/** A case about the host's own clock or event loop. Few, and never on a backend whose time is virtual. */
export function real(id: string, title: string, run: CaseBody): Case {
  return { ...define(id, title, "real", run), unless: ["virtualTime"] };
}

/** Makes a case one that a backend should pass, but need not. */
export function should(testCase: Case): Case {
  return { ...testCase, level: "should" };
}

/** Makes a case one that is skipped where the backend lacks any of `capabilities`. */
export function needing(capabilities: readonly Capability[], testCase: Case): Case {
  return { ...testCase, needs: [...testCase.needs, ...capabilities] };
}

/** Makes a case one that is skipped where the backend has any of `capabilities`. */
export function unless(capabilities: readonly Capability[], testCase: Case): Case {
  return { ...testCase, unless: [...testCase.unless, ...capabilities] };
}

/** The rule that the case `id` belongs to: "C7" for "C7.2". */
function ruleOf(id: string): string {
  const dot = id.indexOf(".");
  return dot === -1 ? id : id.slice(0, dot);
}

function define(id: string, title: string, clock: Clock, run: CaseBody): Case {
  return { id, rule: ruleOf(id), title, level: "must", clock, needs: [], unless: [], run };
}
