import { told } from "../shown.ts";
import {
  checkPatterns,
  type ErrorPattern,
  type GroupOptions,
  patternShown,
} from "./error-pattern.ts";
import { isGroup, membersOf, namesOf } from "./group-members.ts";
import { matchMembers, mismatch, selfMismatch } from "./mismatch.ts";

/** How an error compares with the patterns of a group. */
export interface GroupMatch {
  readonly matches: boolean;
  /** If it matches, its errors in the order of the patterns. */
  readonly errors: readonly unknown[];
  /** What was expected, what was found, what matches what, and what to do about it. */
  explain(): string;
}

/** @throws TypeError for what are no patterns */
export function matchGroup(
  error: unknown,
  patterns: readonly ErrorPattern[],
  options: GroupOptions,
  caller: string,
): GroupMatch {
  checkPatterns(patterns, options, caller);
  if (!isGroup(error)) {
    return { matches: false, errors: [], explain: () => noGroup(error, patterns, caller) };
  }
  const flatten = options.flatten === true;
  const errors = membersOf(error, flatten);
  const seats = matchMembers(errors, patterns);
  const ownMismatch = selfMismatch(error, options);
  const complete = errors.length === patterns.length && seats.every((seat) => seat !== undefined);
  return {
    matches: complete && ownMismatch === undefined,
    errors: seats.map((seat) => (seat === undefined ? undefined : errors[seat])),
    explain: () =>
      explained({ group: error, errors, patterns, seats, flatten, ownMismatch, complete }, caller),
  };
}

function noGroup(error: unknown, patterns: readonly ErrorPattern[], caller: string): string {
  const [only] = patterns;
  const itself =
    patterns.length === 1 && only !== undefined && mismatch(error, only) === undefined
      ? "It matches the pattern by itself: it did not come through a task group, so expect it as it is."
      : "A taskGroup() always throws its errors as a TaskGroupError: was it awaited?";
  return `${caller} takes a TaskGroupError, got ${told(error)}. ${itself}`;
}

/** Of each error; a group of 100 errors and as many patterns would fill 10,000 lines. */
const mostReasons = 8;

interface Comparison {
  readonly group: AggregateError;
  readonly errors: readonly unknown[];
  readonly patterns: readonly ErrorPattern[];
  readonly seats: readonly (number | undefined)[];
  readonly flatten: boolean;
  readonly ownMismatch: string | undefined;
  readonly complete: boolean;
}

function explained(comparison: Comparison, caller: string): string {
  const { group, patterns, ownMismatch, complete } = comparison;
  if (complete && ownMismatch === undefined) {
    return [`${caller}: the group matches:`, ...drawn(comparison)].join("\n");
  }
  const lines = [
    `${caller}: the group does not match`,
    `expected exactly ${counted(patterns.length, "error")}, in any order:`,
    ...patterns.map(
      (pattern, index) => `  ${index + 1}. ${patternShown(pattern)}${fate(comparison, index)}`,
    ),
    `got ${told(group)}`,
    ...drawn(comparison),
  ];
  if (ownMismatch !== undefined) lines.push(`the group itself ${ownMismatch}`);
  const advice = adviceOn(comparison);
  if (advice !== undefined) lines.push(advice);
  return lines.join("\n");
}

function fate({ seats }: Comparison, pattern: number): string {
  return seats[pattern] === undefined ? "  ← matches nothing that is left" : "";
}

/** The group's errors as branches of a tree; those that the patterns are about with what matched them. */
function drawn(comparison: Comparison): string[] {
  let place = 0;
  const branchesOf = (group: AggregateError, top: boolean): string[] =>
    group.errors.flatMap((error: unknown, index: number) => {
      const nested = isGroup(error);
      // In the order of `errors`, so that one that is there twice is two.
      const compared = comparison.flatten ? !nested : top;
      const [note = "", ...reasons] = compared ? notes(comparison, error, place++) : [];
      const below = nested ? branchesOf(error, false) : [];
      const last = index === group.errors.length - 1;
      return [
        `  ${last ? "└─" : "├─"} ${originShown(namesOf(group)[index])}${told(error)}${note}`,
        ...[...reasons, ...below].map((line) => `  ${last ? " " : "│"}${line}`),
      ];
    });
  return branchesOf(comparison.group, true);
}

function originShown(name: string | undefined): string {
  return name === undefined ? "" : `task ${JSON.stringify(name)}: `;
}

/** The end of an error's own line, and what goes below it. */
function notes({ patterns, seats }: Comparison, error: unknown, place: number): string[] {
  const pattern = seats.indexOf(place);
  if (pattern !== -1) return [`  ← matches ${pattern + 1}`];
  const reasons = patterns.flatMap((candidate, index) => {
    const why = mismatch(error, candidate);
    if (why === undefined) return [`could match ${index + 1}, which another error matches`];
    // Why it does not match what is taken anyway is of no use.
    return seats[index] === undefined ? [`not ${index + 1}: it ${why}`] : [];
  });
  if (reasons.length > mostReasons) reasons.splice(mostReasons, Infinity, "…");
  return ["  ← matches nothing", ...reasons.map((reason) => `    ${reason}`)];
}

function adviceOn({ group, errors, patterns, flatten, complete }: Comparison): string | undefined {
  if (complete) return undefined;
  const leaves = membersOf(group, true);
  if (!flatten && leaves.length === patterns.length) {
    const seats = matchMembers(leaves, patterns);
    if (seats.every((seat) => seat !== undefined)) {
      return "All match once nested groups are opened: write the nesting as group([…]), or pass { flatten: true }.";
    }
  }
  if (errors.length > patterns.length) {
    return `The group has ${counted(errors.length - patterns.length, "error")} more than there are patterns: each error needs one.`;
  }
  if (errors.length < patterns.length) {
    return `The group has ${counted(patterns.length - errors.length, "error")} fewer than there are patterns. A failing task cancels its siblings, which then do not fail.`;
  }
  return undefined;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
