import { shown, told } from "../shown.ts";

/** How a `TaskGroupError` looks when it is printed. [D2] */

/** One error of a group, with the task it came from; no name for the group's own body. */
export interface GroupMember {
  readonly error: unknown;
  readonly name: string | undefined;
}

/** A group of 100,000 failures is printed too; more than this nobody reads. */
const mostPrinted = 50;
const mostSummarized = 3;
const longestSummary = 120;
const deepestCause = 8;
const deepestTree = 128;
let depth = 0;

/** The members in one line: who failed with what. */
export function summaryOf(
  errors: readonly unknown[],
  names: readonly (string | undefined)[],
): string {
  const parts = errors
    .slice(0, mostSummarized)
    .map((error, index) => `${origin(names[index])}: ${cut(told(error))}`);
  if (errors.length > mostSummarized) parts.push(`and ${errors.length - mostSummarized} more`);
  return parts.join("; ");
}

function cut(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > longestSummary ? `${line.slice(0, longestSummary)}…` : line;
}

/** `head`, and below it each member as `show` has it, drawn as branches of a tree. */
export function drawTree(
  head: string,
  members: readonly GroupMember[],
  show: (error: unknown) => string,
): string {
  const printed = depth < deepestTree ? members.slice(0, mostPrinted) : [];
  const hidden = members.length - printed.length;
  depth++;
  const branches = printed.map(({ error, name }) => `${origin(name)}: ${show(error)}`);
  depth--;
  if (hidden > 0) branches.push(`… and ${hidden} more`);
  const drawn = branches.map((branch, index) => {
    const last = index === branches.length - 1;
    return `  ${last ? "└─" : "├─"} ${branch.replaceAll("\n", last ? "\n     " : "\n  │  ")}`;
  });
  return [head, ...drawn].join("\n");
}

/** An error's stack with those of its causes, as hosts print them. */
export function stackWithCauses(error: unknown, causes = 0): string {
  if (!(error instanceof Error)) return shown(error);
  const stack = error.stack ?? told(error);
  if (error.cause === undefined || causes === deepestCause) return stack;
  return `${stack}\n  [cause]: ${stackWithCauses(error.cause, causes + 1)}`;
}

function origin(name: string | undefined): string {
  return name === undefined ? "the group's body" : `task ${JSON.stringify(name)}`;
}
