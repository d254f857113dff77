import type { WakeReason } from "@anywhen/core";

/** Something that can go on: a task that starts, that is resumed, or that had given way. */
export interface Ready {
  readonly kind: "start" | "yield" | "resume";
  readonly task: string;
  /** The same for everything of one task. */
  readonly host: unknown;
  /** Why it is resumed. */
  readonly why: WakeReason | undefined;
  /** What it has waited for, if anybody said. */
  readonly waited: string | undefined;
  readonly go: () => void;
}

/** One step of a schedule, in words: what happened, and what would have happened by default. */
export function describeStep(taken: Ready, ahead: Ready | undefined): string {
  const step = describe(taken);
  return ahead === undefined ? step : `${step}, ahead of: ${describe(ahead)}`;
}

function describe({ kind, task, why, waited }: Ready): string {
  if (kind === "start") return `start ${task}`;
  if (kind === "yield") return `turn of ${task}, which gave way`;
  const reason = reasonOf(why, waited);
  return reason === undefined ? `resume ${task}` : `resume ${task} (${reason})`;
}

function reasonOf(why: WakeReason | undefined, waited: string | undefined): string | undefined {
  if (why === "timer") return "its time has come";
  if (why !== "cancel") return waited === undefined ? undefined : `waited for ${waited}`;
  return waited === undefined ? "cancelled" : `cancelled while it waited for ${waited}`;
}
