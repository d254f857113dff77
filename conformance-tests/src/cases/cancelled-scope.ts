import { CancelScope } from "@anywhen/core";

/** Runs `body` in a scope that is cancelled from the start. */
export async function inCancelledScope(body: (scope: CancelScope) => Promise<void>): Promise<void> {
  const scope = new CancelScope({ name: "cancelled" });
  scope.cancel("cancelled from the start");
  await scope.run(body);
}
