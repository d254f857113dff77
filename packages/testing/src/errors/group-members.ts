/** Shared by every copy of the library, so that each sees into the others' groups. */
const code = "ERR_TASK_GROUP";

/** Whether this is a `TaskGroupError`, also one of another copy of the library. */
export function isGroup(error: unknown): error is AggregateError {
  return error instanceof AggregateError && (error as { code?: unknown }).code === code;
}

/** The errors that a group's patterns are to match: its own, or all leaves below it. */
export function membersOf(group: AggregateError, flatten: boolean): readonly unknown[] {
  if (!flatten) return group.errors;
  return group.errors.flatMap((error: unknown) =>
    isGroup(error) ? membersOf(error, true) : [error],
  );
}

/** The names of the tasks that the group's own errors came from. */
export function namesOf(group: AggregateError): readonly (string | undefined)[] {
  const { taskNames } = group as { taskNames?: unknown };
  return Array.isArray(taskNames) ? (taskNames as (string | undefined)[]) : [];
}
