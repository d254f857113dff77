import { effectBackend } from "@anywhen/effect";
import { promiseBackend } from "@anywhen/promise";
import { rxjsBackend } from "@anywhen/rxjs";
import { run } from "anywhen";

type InRun = <T>(main: () => T | PromiseLike<T>) => Promise<T>;

/** For `describe.each`: the name of each backend and `run` on it. */
export const eachBackend: readonly (readonly [name: string, inRun: InRun])[] = [
  promiseBackend(),
  effectBackend(),
  rxjsBackend(),
].map((backend) => [backend.name, (main) => run(main, { backend })] as const);
