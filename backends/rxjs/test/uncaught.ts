const events = ["uncaughtException", "unhandledRejection"] as const;

/** Errors that reach the process while `body` runs, instead of the test runner. */
export async function uncaughtDuring(body: (errors: unknown[]) => Promise<void>): Promise<void> {
  const errors: unknown[] = [];
  const listener = (error: unknown): void => void errors.push(error);
  const paused = events.map((event) => ({ event, listeners: process.rawListeners(event) }));
  for (const event of events) process.removeAllListeners(event).on(event, listener);
  try {
    await body(errors);
  } finally {
    for (const { event, listeners } of paused) {
      process.removeAllListeners(event);
      for (const other of listeners) process.on(event, other as () => void);
    }
  }
}
