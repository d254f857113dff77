import type { TaskGroupError } from "anywhen";

/**
 * Vitest shows the errors of an `AggregateError` one by one, and loses which task each came from. This
 * is the same failure with the tree in its message, which vitest shows whole, at the place of its
 * first error. A single error is the `cause`, so that vitest shows what was expected of it.
 */
export class FailedTasks extends Error {
  static {
    this.prototype.name = "TaskGroupError";
  }

  constructor(group: TaskGroupError, where: string) {
    const [first, ...others] = group.leaves();
    super(`${where}${treeOf(group)}`, others.length === 0 ? { cause: first } : undefined);
    this.stack = [`${this.name}: ${this.message}`, ...framesOf(first)].join("\n");
  }
}

/** The test has ended, but not all that it started. */
export class LeftoverTasks extends Error {
  static {
    this.prototype.name = "LeftoverTasks";
  }

  constructor(tasks: readonly string[]) {
    super(
      "the test has ended, but these tasks have not: await what started them\n" + tasks.join("\n"),
    );
    // No line of the test's can be told from here.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** An error as the integration throws it: groups as trees, everything else as it is. */
export function readable(error: unknown): unknown {
  return isGroup(error) ? new FailedTasks(error, "") : error;
}

function isGroup(error: unknown): error is TaskGroupError {
  return error instanceof AggregateError && (error as { code?: unknown }).code === "ERR_TASK_GROUP";
}

/** The group as it prints itself, without where it was made and without frames that are not the user's. */
function treeOf(group: TaskGroupError): string {
  const lines = (group.stack ?? "").split("\n");
  const branches = lines.slice(lines.findIndex((line) => /^ {2}[├└]/.test(line)));
  const shown = branches.filter((line) => !isForeign(line));
  // Marked as vitest marks them: what begins with "at" it would take for frames of this very error.
  return [group.message, ...shown.map((line) => line.replace(/^([\s│]*)at /, "$1❯ "))].join("\n");
}

function isForeign(line: string): boolean {
  return /^[\s│]*at .*(?:node_modules|node:|<anonymous>)/.test(line);
}

function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack.split("\n").filter((line) => /^\s+at /.test(line));
}
