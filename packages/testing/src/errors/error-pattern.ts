import { AssertionError } from "../assertion-error.ts";
import { shown, told } from "../shown.ts";

/** A class whose instances match. */
export type ErrorClass<E = unknown> = abstract new (...args: never[]) => E;

/** What an error must be to match: all that is given, and something must be. */
export interface MemberPattern<E = unknown> {
  /** It is an instance of this class. */
  type?: ErrorClass<E>;
  /** Its `code` is this one. */
  code?: string;
  /** Its message contains this text, or matches this expression. */
  message?: string | RegExp;
  /** Returns true for it; called only if the rest matches. What it throws counts as false. */
  check?(error: E): boolean;
}

/** What the group itself, beside its members, must be to match. */
export interface GroupOptions {
  /** The members of groups within count as its own, however deep. Default false. */
  flatten?: boolean;
  /** Its message contains this text, or matches this expression. */
  message?: string | RegExp;
  /** Returns true for it; called only if the rest matches. What it throws counts as false. */
  check?(error: AggregateError): boolean;
}

/** A nested group with exactly these members, made by `group()`. */
export class GroupPattern<P extends readonly ErrorPattern[] = readonly ErrorPattern[]> {
  readonly members: P;
  readonly options: GroupOptions;

  /** @internal */
  constructor(members: P, options: GroupOptions) {
    this.members = members;
    this.options = options;
  }
}

/**
 * One expected member of a group: a class; an error, which must be that very one; a text or an
 * expression for its message; an object with several of these; or `group([...])`.
 */
export type ErrorPattern = ErrorClass | Error | string | RegExp | MemberPattern | GroupPattern;

/** The type of what a pattern matches. */
export type MatchedError<P> = P extends GroupPattern
  ? AggregateError
  : P extends Error
    ? P
    : P extends ErrorClass<infer E>
      ? E
      : P extends { readonly type: ErrorClass<infer E> }
        ? E
        : unknown;

/**
 * A pattern for a group within a group: its members match these patterns, each exactly one, in any order.
 *
 * @throws TypeError for what is no array of patterns
 *
 * @example
 * expectGroup(error).toMatch([TypeError, group([RangeError, "no such host"])]);
 */
export function group<const P extends readonly ErrorPattern[]>(
  members: P,
  options: GroupOptions = {},
): GroupPattern<P> {
  checkPatterns(members, options, "group()");
  return new GroupPattern(members, options);
}

/** @throws TypeError for what is no array of patterns, or asks for what cannot be */
export function checkPatterns(patterns: unknown, options: GroupOptions, caller: string): void {
  if (!Array.isArray(patterns)) {
    throw new TypeError(`${caller} takes an array of patterns, got ${shown(patterns)}`);
  }
  for (const [index, pattern] of patterns.entries()) {
    const wrong = whatIsWrongWith(pattern, options);
    if (wrong !== undefined) throw new TypeError(`${caller}: pattern ${index + 1} ${wrong}`);
  }
}

const known = ["type", "code", "message", "check"];

function whatIsWrongWith(pattern: unknown, { flatten }: GroupOptions): string | undefined {
  if (pattern instanceof GroupPattern) {
    return flatten === true
      ? "is a group(), which flatten leaves nothing to match: write its members instead"
      : undefined;
  }
  if (typeof pattern === "string" || pattern instanceof RegExp || pattern instanceof Error)
    return undefined;
  if (typeof pattern === "function") {
    return pattern.prototype === undefined
      ? `is ${shown(pattern)}, not a class: write { check: … } to test by a function`
      : undefined;
  }
  const forms = "a class, an error, a text, a RegExp, { type, code, message, check } or group([…])";
  if (Array.isArray(pattern)) return "is an array: write group([…]) for a group within the group";
  if (typeof pattern !== "object" || pattern === null) {
    return `is ${shown(pattern)}: a pattern is ${forms}`;
  }
  const keys = Object.keys(pattern);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) return `has the key ${JSON.stringify(unknown)}: a pattern is ${forms}`;
  return keys.length === 0 ? `is {}, which would match anything: a pattern is ${forms}` : undefined;
}

/** A pattern as it is shown in a message. */
export function patternShown(pattern: ErrorPattern): string {
  if (typeof pattern === "function") return pattern.name || "an unnamed class";
  if (typeof pattern === "string" || pattern instanceof RegExp)
    return `an error with message ${textShown(pattern)}`;
  if (pattern instanceof Error) return `this very error: ${told(pattern)}`;
  if (pattern instanceof GroupPattern) {
    const { message, flatten, check } = pattern.options;
    const members = pattern.members.map(patternShown).join(", ");
    return [
      `${flatten === true ? "flattened group" : "group"}([${members}])`,
      ...demandsShown({ message, check }),
    ].join(" with ");
  }
  const { type, ...rest } = pattern;
  return [type === undefined ? "an error" : patternShown(type), ...demandsShown(rest)].join(
    " with ",
  );
}

function demandsShown(pattern: {
  readonly code?: unknown;
  readonly message?: string | RegExp | undefined;
  readonly check?: unknown;
}): string[] {
  const { code, message, check } = pattern;
  const demands: string[] = [];
  if (code !== undefined) demands.push(`code ${shown(code)}`);
  if (message !== undefined) demands.push(`message ${textShown(message)}`);
  if (check !== undefined) demands.push("a check");
  return demands;
}

/** A demand on a message as it is shown. */
export function textShown(text: string | RegExp): string {
  return typeof text === "string" ? JSON.stringify(text) : String(text);
}

/** Thrown for a `check` that did not answer: it would match nothing, or everything, for the wrong reason. */
export function noAnswer(answer: unknown): AssertionError {
  return new AssertionError(
    `check returns true or false, got ${shown(answer)}: a promise or nothing is no answer`,
  );
}
