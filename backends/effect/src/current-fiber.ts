import { currentBackend, currentHost, currentScope, UsageError } from "@anywhen/core";
import { Fiber } from "effect";
import type { TaskFiber } from "./task-fiber.ts";

/** The fiber that the current task is. */
export function currentFiber(caller: string): TaskFiber {
  const host = currentHost();
  if (Fiber.isFiber(host)) return host;
  const where =
    currentScope() === undefined
      ? "called outside every task"
      : `called in a task on the "${currentBackend().name}" backend`;
  throw new UsageError(
    `${caller} was ${where}, so there is no fiber whose services, clock and span it could use. ` +
      'Call it below toEffect(), or in a run() with { backend: "effect" } or effectBackend({ context })',
  );
}
