import { cancelScope, CancelScope, checkpoint } from "@anywhen/core";

/**
 * Runs `body` in a scope that is cancelled from the start. The body has to come to its end: a
 * `Cancelled` that it lets pass would be absorbed by the scope, and what follows in it never checked.
 */
export async function inCancelledScope(
  body: (scope: CancelScope) => void | Promise<void>,
): Promise<void> {
  const scope = new CancelScope({ name: "cancelled" });
  scope.cancel("cancelled from the start");
  let ended = false;
  await scope.run(async () => {
    await body(scope);
    ended = true;
  });
  if (!ended) throw new Error("the body was cancelled where nothing in it may be");
}

/** A scope that is cancelled from inside, by a checkpoint, and absorbs that. */
export async function cancelledCheckpoint(): Promise<void> {
  await cancelScope((scope) => {
    scope.cancel();
    return checkpoint();
  });
}
