/** How messages name a primitive: `Lock "db"`, or `a Lock` if it has no name. */
export function labelOf(kind: string, name: string | undefined): string {
  if (name !== undefined) return `${kind} ${JSON.stringify(name)}`;
  return `${kind === "Event" ? "an" : "a"} ${kind}`;
}
