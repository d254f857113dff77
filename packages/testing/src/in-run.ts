import { checkpointCount } from "@anywhen/core";
import { run } from "anywhen";

/** Runs `main` in the calling task; outside every task, in a run of its own on the default backend. */
export async function inRun<T>(main: () => Promise<T>, name: string): Promise<T> {
  return checkpointCount() === undefined ? run(main, { name }) : main();
}
