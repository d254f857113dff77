import { shown, told } from "../shown.ts";
import { assignment } from "./assignment.ts";
import {
  type ErrorPattern,
  type GroupOptions,
  GroupPattern,
  type MemberPattern,
  noAnswer,
  textShown,
} from "./error-pattern.ts";
import { isGroup, membersOf } from "./group-members.ts";

/** Why an error does not match a pattern, as in "is no TypeError"; undefined if it does. */
export function mismatch(error: unknown, pattern: ErrorPattern): string | undefined {
  if (pattern instanceof GroupPattern) return groupMismatch(error, pattern);
  if (pattern instanceof Error) return error === pattern ? undefined : "is not that very error";
  if (typeof pattern === "string" || pattern instanceof RegExp)
    return memberMismatch(error, { message: pattern });
  if (typeof pattern === "function") return memberMismatch(error, { type: pattern });
  return memberMismatch(error, pattern);
}

function groupMismatch(error: unknown, { members, options }: GroupPattern): string | undefined {
  if (!isGroup(error)) return "is no group";
  const found = membersOf(error, options.flatten === true);
  if (found.length !== members.length) {
    return `has ${found.length} ${found.length === 1 ? "member" : "members"}, not ${members.length}`;
  }
  const seats = matchMembers(found, members);
  const left = seats.filter((seat) => seat === undefined).length;
  if (left > 0) return `has ${left} of ${members.length} members that match nothing`;
  return selfMismatch(error, options);
}

/** For each pattern the place of the error that it matches, each another one. */
export function matchMembers(
  errors: readonly unknown[],
  patterns: readonly ErrorPattern[],
): (number | undefined)[] {
  const known = new Map<string, boolean>();
  return assignment(patterns.length, errors.length, (row, column) => {
    const key = `${row} ${column}`;
    let fits = known.get(key);
    if (fits === undefined) {
      fits = mismatch(errors[column], patterns[row] as ErrorPattern) === undefined;
      known.set(key, fits);
    }
    return fits;
  });
}

/** Why a group, whatever its members, does not match. */
export function selfMismatch(
  group: AggregateError,
  { message, check }: GroupOptions,
): string | undefined {
  return messageMismatch(group, message) ?? checkMismatch(group, check);
}

function memberMismatch(error: unknown, pattern: MemberPattern): string | undefined {
  const { type, code, message, check } = pattern;
  if (type !== undefined && !(error instanceof type)) return `is no ${type.name || "instance"}`;
  if (code !== undefined) {
    const its = (error as { code?: unknown } | null | undefined)?.code;
    if (its !== code) return `has code ${shown(its)}`;
  }
  return messageMismatch(error, message) ?? checkMismatch(error, check);
}

function messageMismatch(error: unknown, wanted: string | RegExp | undefined): string | undefined {
  if (wanted === undefined) return undefined;
  const message = messageOf(error);
  // An expression with the flag g or y would go on where it stopped last time.
  const found =
    typeof wanted === "string" ? message.includes(wanted) : message.search(wanted) !== -1;
  return found ? undefined : `has no message with ${textShown(wanted)}`;
}

/** Of what is no error, such as a text that was thrown, the text itself. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : typeof error === "string" ? error : shown(error);
}

function checkMismatch<E>(
  error: E,
  check: ((error: E) => boolean) | undefined,
): string | undefined {
  if (check === undefined) return undefined;
  let answer: unknown;
  try {
    answer = check(error);
  } catch (thrown) {
    return `fails its check, which threw ${told(thrown)}`;
  }
  if (typeof answer !== "boolean") throw noAnswer(answer);
  return answer ? undefined : "fails its check";
}
