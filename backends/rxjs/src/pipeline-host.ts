import { type Backend, BackendNotFoundError, currentBackend, currentScope } from "@anywhen/core";
import type { SchedulerLike } from "rxjs";
import { activeHost } from "./active-host.ts";
import { rxjsBackend } from "./rxjs-backend.ts";

/** The backend for what is subscribed to here. */
export function pipelineHost(scheduler: SchedulerLike | undefined): Backend {
  if (scheduler !== undefined) return rxjsBackend({ scheduler });
  if (currentScope() !== undefined) return currentBackend();
  return activeHost() ?? configuredHost() ?? rxjsBackend();
}

/** The process-wide default, if somebody chose RxJS for it. */
function configuredHost(): Backend | undefined {
  try {
    const found = currentBackend();
    return found.name === "rxjs" ? found : undefined;
  } catch (error) {
    if (error instanceof BackendNotFoundError) return undefined;
    throw error;
  }
}
