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

function showError(error: Error, depth: number): string {
  const members =
    error instanceof AggregateError && depth < 3
      ? ` [${error.errors.map((member) => show(member, depth + 1)).join(", ")}]`
      : "";
  const message = error.message.split("\n", 1)[0] ?? "";
  return `${error.constructor.name}(${JSON.stringify(message)})${members}`;
}
