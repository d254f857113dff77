/** Prints a value for a message: short, on one line, and telling equal-looking kinds apart. */
export function show(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `function ${value.name || "(anonymous)"}`;
  if (value instanceof Error) return showError(value, depth);
  if (value === null || typeof value !== "object") return String(value);
  if (depth > 2) return "…";
  if (Array.isArray(value)) return `[${value.map((item) => show(item, depth + 1)).join(", ")}]`;
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${show(item, depth + 1)}`);
  const kind = value.constructor?.name ?? "Object";
  return `${kind === "Object" ? "" : `${kind} `}{ ${entries.join(", ")} }`;
}

/** Longer lists are cut down to where they differ. */
const wholeList = 12;

/** Prints two values that differ; long lists only around the first difference. */
export function showBoth(expected: unknown, actual: unknown): { expected: string; actual: string } {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return both(expected, actual, show);
  if (Math.max(expected.length, actual.length) <= wholeList) return both(expected, actual, show);
  let at = 0;
  while (at < expected.length && show(expected[at]) === show(actual[at])) at += 1;
  return both(expected, actual, (list) => showAround(list, at));
}

function both<T>(
  expected: T,
  actual: T,
  print: (value: T) => string,
): { expected: string; actual: string } {
  return { expected: print(expected), actual: print(actual) };
}

/** One item before the first difference and two after it, and how many there are besides. */
function showAround(list: readonly unknown[], at: number): string {
  const from = Math.max(0, at - 1);
  const to = Math.min(list.length, at + 3);
  const shown = list.slice(from, to).map((item) => show(item, 1));
  if (from > 0) shown.unshift(`… ${from} before`);
  if (to < list.length) shown.push(`… ${list.length - to} more`);
  return `[${shown.join(", ")}]`;
}

function showError(error: Error, depth: number): string {
  const members =
    error instanceof AggregateError && depth < 3
      ? ` [${error.errors.map((member) => show(member, depth + 1)).join(", ")}]`
      : "";
  const message = error.message.split("\n", 1)[0] ?? "";
  return `${error.constructor.name}(${JSON.stringify(message)})${members}`;
}
