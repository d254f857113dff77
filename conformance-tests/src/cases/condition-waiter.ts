import { Cancelled, CancelScope, type Condition } from "@anywhen/core";
import type { CaseContext } from "../case-context.ts";

/** A task that waits once and logs what came of it, with the lock held. */
export function waiterOf(
  t: CaseContext,
  condition: Condition,
  name: string,
  scope: CancelScope = new CancelScope(),
): () => Promise<void> {
  return () =>
    scope.run(() =>
      condition.use(async (held) => {
        try {
          await held.wait();
          t.log.push(`${name} notified`);
        } catch (error) {
          t.log.push(`${name} ${error instanceof Cancelled ? "cancelled" : String(error)}`);
          throw error;
        } finally {
          t.ok(condition.locked, `${name} holds the lock after wait()`);
          // Throws if somebody else holds it.
          held.notify(0);
        }
      }),
    );
}
