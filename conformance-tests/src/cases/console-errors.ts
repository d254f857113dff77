/** What `work` makes the host print as an error: some hosts report there. */
export async function withConsoleErrors(work: () => Promise<void>): Promise<unknown[]> {
  const printed: unknown[] = [];
  const host: { error: unknown } = console;
  const { error } = host;
  host.error = (...values: unknown[]) => void printed.push(...values);
  try {
    await work();
  } finally {
    host.error = error;
  }
  return printed;
}
