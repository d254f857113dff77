import { show } from "../show.ts";

/** Ends a run early, with a reason for people. */
export interface ProcessWatch {
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Aborts the run on an interruption by the user, so that what was found is still reported, and on an
 * error that nobody catches between two cases: during a case it is the case's. A second interruption
 * ends the process as usual.
 */
export function watchProcess(): ProcessWatch {
  const controller = new AbortController();
  const interrupted = (): void => controller.abort("interrupted");
  const uncaught = (error: unknown): void =>
    controller.abort(`${show(error)} was caught by nobody and reached the host`);
  process.once("SIGINT", interrupted);
  process.on("uncaughtException", uncaught);
  process.on("unhandledRejection", uncaught);
  return {
    signal: controller.signal,
    stop() {
      process.off("SIGINT", interrupted);
      process.off("uncaughtException", uncaught);
      process.off("unhandledRejection", uncaught);
    },
  };
}
