import { AnywhenError, TaskGroupError } from "@anywhen/core";
import { Cause } from "effect";

/** Tells the failure that an error stands for; undefined if it stands for none, so that it is a defect. */
export type ErrorMapping = (error: unknown) => unknown;

/** An effect was interrupted, but not because the scope that awaited it was cancelled. */
export class EffectInterruptedError extends AnywhenError {
  static override readonly code: string = "ERR_EFFECT_INTERRUPTED";
  static {
    this.prototype.name = "EffectInterruptedError";
  }
}

/** What an error was as a cause, where the error alone does not tell: defects, interruptions, several at once. */
const causes = new WeakMap<object, Cause.Cause<unknown>>();
/** And what a cause was as an error, so that a group which passes through an effect keeps its shape. */
const errors = new WeakMap<Cause.Cause<unknown>, unknown>();

/**
 * The cause that an error thrown by an async function stands for: a failure where `mapping` knows
 * one, else a defect with that very error. A `TaskGroupError` becomes one reason for each of its
 * leaves. What `fromEffect()` threw for a defect or an interruption becomes one again.
 */
export function causeOf(error: unknown, mapping: ErrorMapping | undefined): Cause.Cause<unknown> {
  const cause = Cause.fromReasons(reasonsOf(error, mapping));
  if (isGroup(error)) errors.set(cause, error);
  return cause;
}

function reasonsOf(error: unknown, mapping: ErrorMapping | undefined): Cause.Reason<unknown>[] {
  const known = isObject(error) ? causes.get(error) : undefined;
  if (known !== undefined) {
    return known.reasons.flatMap((reason) =>
      reason._tag === "Fail" ? [reasonOf(reason.error, mapping)] : [reason],
    );
  }
  if (isGroup(error)) return error.leaves().flatMap((leaf) => reasonsOf(leaf, mapping));
  return [reasonOf(error, mapping)];
}

function reasonOf(error: unknown, mapping: ErrorMapping | undefined): Cause.Reason<unknown> {
  let failure: unknown;
  try {
    failure = mapping?.(error);
  } catch (thrown) {
    return Cause.makeDieReason(thrown);
  }
  return failure === undefined ? Cause.makeDieReason(error) : Cause.makeFailReason(failure);
}

/**
 * The error that a cause is thrown as in an async function: the failure or defect itself, the same
 * object; a `TaskGroupError` for several; an `EffectInterruptedError` if there is none.
 */
export function errorOf(cause: Cause.Cause<unknown>): unknown {
  if (errors.has(cause)) return errors.get(cause);
  const [first, ...others] = cause.reasons.filter((reason) => reason._tag !== "Interrupt");
  if (first === undefined) {
    return known(
      cause,
      new EffectInterruptedError(
        "the effect was interrupted, though not by the scope that awaits it: " +
          "it interrupted itself, or somebody interrupted its fiber",
        { cause },
      ),
    );
  }
  if (others.length > 0) return known(cause, groupOf([first, ...others]));
  return first._tag === "Fail" ? first.error : known(cause, first.defect);
}

function groupOf(
  reasons: readonly Exclude<Cause.Reason<unknown>, Cause.Interrupt>[],
): TaskGroupError {
  const members = reasons.map((reason) => (reason._tag === "Fail" ? reason.error : reason.defect));
  return new TaskGroupError(members, `${members.length} errors in an effect`);
}

function known<T>(cause: Cause.Cause<unknown>, error: T): T {
  if (isObject(error)) causes.set(error, cause);
  return error;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** By its code, so that groups of another copy of the library count too. */
function isGroup(error: unknown): error is TaskGroupError {
  return error instanceof AggregateError && (error as { code?: unknown }).code === "ERR_TASK_GROUP";
}
