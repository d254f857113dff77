/** What `body` throws, at once or later. */
export async function caught(body: () => unknown): Promise<Error> {
  try {
    await body();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
