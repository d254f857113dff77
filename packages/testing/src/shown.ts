/** A short text that shows a value in a message. Never throws, whatever the value does. */
export function shown(value: unknown): string {
  try {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "function") return `function ${value.name || "(unnamed)"}`;
    if (value instanceof Error) return told(value);
    if (Array.isArray(value)) return `an array of ${value.length}`;
    if (typeof value === "object" && value !== null) {
      const { constructor } = value as { constructor?: { name?: string } };
      return `an object (${constructor?.name ?? "no prototype"})`;
    }
    return String(value);
  } catch {
    return "something that cannot be shown";
  }
}

/** What was thrown, in one line. Never throws. */
export function told(thrown: unknown): string {
  try {
    if (thrown instanceof Error) return firstLine(`${thrown.name}: ${thrown.message}`);
  } catch {
    return "an error that cannot be shown";
  }
  return shown(thrown);
}

const longest = 160;

function firstLine(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
