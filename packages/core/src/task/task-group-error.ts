import { drawTree, type GroupMember, stackWithCauses, summaryOf } from "./error-tree.ts";

/** Shared by every copy of the library, so that each sees into the others' groups. */
const code = "ERR_TASK_GROUP";

const inspectCustom = Symbol.for("nodejs.util.inspect.custom");

function isGroupError(error: unknown): error is TaskGroupError {
  return error instanceof AggregateError && (error as { code?: unknown }).code === code;
}

/**
 * Every error of a group, in the order of failure; groups nest as the groups did. [T2, T9]
 * Its `stack` is the tree of all members, each with the name of its task, its message and its
 * stack; so is what `console.error` prints. [D2]
 */
export class TaskGroupError extends AggregateError {
  static {
    this.prototype.name = "TaskGroupError";
    Object.defineProperty(this.prototype, inspectCustom, { value: printed });
  }
  readonly code: "ERR_TASK_GROUP" = code;
  /** For each of `errors`, the task it came from; undefined for the group's own body. */
  declare readonly taskNames: readonly (string | undefined)[];

  constructor(
    errors: readonly unknown[],
    message: string,
    taskNames: readonly (string | undefined)[] = [],
  ) {
    super(errors, message);
    Object.defineProperty(this, "taskNames", { value: taskNames });
    drawStackOf(this);
  }

  /** The leaf errors of the whole tree, depth first. */
  leaves(): unknown[] {
    const found: unknown[] = [];
    const ahead: unknown[] = [this];
    while (ahead.length > 0) {
      const error = ahead.pop();
      if (!isGroupError(error)) found.push(error);
      else for (const member of error.errors.toReversed()) ahead.push(member);
    }
    return found;
  }

  /** [matching, rest], both keeping the tree's shape; undefined for an empty side. */
  split(
    matches: (error: unknown) => boolean,
  ): [TaskGroupError | undefined, TaskGroupError | undefined] {
    const parts = new Map<TaskGroupError, Sides>();
    // Children before parents, without recursion: groups may be nested as deep as scopes.
    for (const group of groupsIn(this, matches, parts).toReversed()) {
      if (!parts.has(group)) parts.set(group, sidesOf(group, matches, parts));
    }
    return parts.get(this) as Sides;
  }
}

type Sides = [TaskGroupError | undefined, TaskGroupError | undefined];

/** The groups of a tree, parents first; one that matches as a whole is noted, and not entered. */
function groupsIn(
  root: TaskGroupError,
  matches: (error: unknown) => boolean,
  parts: Map<TaskGroupError, Sides>,
): TaskGroupError[] {
  const found: TaskGroupError[] = [root];
  for (const group of found) {
    if (matches(group)) parts.set(group, [group, undefined]);
    else for (const error of group.errors) if (isGroupError(error)) found.push(error);
  }
  return found;
}

function sidesOf(
  group: TaskGroupError,
  matches: (error: unknown) => boolean,
  parts: ReadonlyMap<unknown, Sides>,
): Sides {
  const matching: GroupMember[] = [];
  const rest: GroupMember[] = [];
  for (const { error, name } of membersOf(group)) {
    const sides = parts.get(error);
    if (sides === undefined) (matches(error) ? matching : rest).push({ error, name });
    else {
      if (sides[0] !== undefined) matching.push({ error: sides[0], name });
      if (sides[1] !== undefined) rest.push({ error: sides[1], name });
    }
  }
  return [withMembers(group, matching), withMembers(group, rest)];
}

function membersOf(group: TaskGroupError): GroupMember[] {
  return group.errors.map((error: unknown, index) => ({ error, name: group.taskNames[index] }));
}

function withMembers(
  group: TaskGroupError,
  members: readonly GroupMember[],
): TaskGroupError | undefined {
  if (members.length === 0) return undefined;
  const same = ({ error }: GroupMember, index: number): boolean => error === group.errors[index];
  if (members.length === group.errors.length && members.every(same)) return group;
  const errors = members.map(({ error }) => error);
  const names = members.map(({ name }) => name);
  return new TaskGroupError(errors, group.message, names);
}

/** The error of a group called `where`; the message says how many and the first few of them. */
export function groupError(
  where: string,
  errors: readonly unknown[],
  names: readonly (string | undefined)[],
): TaskGroupError {
  const count = errors.length === 1 ? "1 error" : `${errors.length} errors`;
  return new TaskGroupError(errors, `${count} in ${where} (${summaryOf(errors, names)})`, names);
}

/** Drawn when it is read: most errors are handled, not printed. */
function drawStackOf(group: TaskGroupError): void {
  const head = group.stack ?? group.message;
  let assigned: string | undefined;
  Object.defineProperty(group, "stack", {
    configurable: true,
    get: () => assigned ?? drawTree(head, membersOf(group), stackWithCauses),
    set: (stack: string) => {
      assigned = stack;
    },
  });
}

/** For Node's `util.inspect`, which would cut nested groups off. */
function printed(this: TaskGroupError): string {
  return this.stack ?? this.message;
}
