/** A value as an error message names it; its own methods are not trusted. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  return Object.prototype.toString.call(value);
}
