/** A short text that shows a value in a message. Never throws, whatever the value does. */
export function shown(value: unknown): string {
  try {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "function") return `function ${value.name || "(unnamed)"}`;
    if (Array.isArray(value)) return "an array";
    if (typeof value === "object" && value !== null) {
      const { constructor } = value as { constructor?: { name?: string } };
      return `an object (${constructor?.name ?? "no prototype"})`;
    }
    return String(value);
  } catch {
    return "something that cannot be shown";
  }
}

/** What was given as the reason of a cancellation, or thrown, in one line. Never throws. */
export function told(reason: unknown): string {
  if (typeof reason === "string") return reason;
  try {
    if (reason instanceof Error) return `${reason.name}: ${reason.message}`;
  } catch {
    // Its name or message cannot be read, or is no text.
  }
  return shown(reason);
}
