import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";
import { baseline, type Contender, peer, Reading, type Row, subject } from "../row.ts";

const here = fileURLToPath(new URL("../..", import.meta.url));

/** Bytes that users of these names ship: bundled, minified and compressed. The same in every round. */
function bundling(...statements: readonly string[]): Contender["run"] {
  let size: Promise<number> | undefined;
  return async () => new Reading(await (size ??= sizeOf(statements.join("\n"))));
}

async function sizeOf(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    logLevel: "error",
    // What anywhen loads only to look up another backend by name.
    external: ["node:*", "import-meta-resolve"],
  });
  return brotliCompressSync(outputFiles[0]?.contents ?? "").byteLength;
}

const [small] = baseline(
  "p-limit, p-map, p-timeout, async-mutex, async-channel",
  bundling(
    'export { default as limit } from "p-limit";',
    'export { default as map } from "p-map";',
    'export { default as timeout } from "p-timeout";',
    'export { Mutex, Semaphore } from "async-mutex";',
    'export { Channel } from "async-channel";',
  ),
);

export const row: Row = {
  name: "size",
  operation:
    "bytes of scopes, tasks and timeouts with the Promise backend, minified and compressed",
  unit: "bytes",
  operations: 1,
  requires: ["built packages"],
  counted: false,
  contenders: [
    subject(
      "anywhen",
      bundling(
        'export { run, taskGroup, cancelScope, moveOnAfter, failAfter, shield, sleep, checkpoint, gather } from "anywhen";',
      ),
    ),
    small as Contender,
    peer("effect", bundling('export { Effect, Fiber } from "effect";')),
    peer(
      "effection",
      bundling('export { run, spawn, all, race, sleep, scoped, useAbortSignal } from "effection";'),
    ),
    peer(
      "rxjs",
      bundling(
        'export { Observable, Subject, defer, forkJoin, from, mergeMap, race, takeUntil, timeout, timer } from "rxjs";',
      ),
    ),
  ],
  targets: [{ atMost: 14_000 }],
};
