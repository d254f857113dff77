import type { Options } from "tsup";

/** What every package's build shares: JavaScript only, beside the declarations of `tsc -b`. */
export const base: Options = {
  entry: ["src/index.ts"],
  format: "esm",
  target: "es2022",
  platform: "neutral",
  dts: false,
  // The declarations are already in dist.
  clean: false,
  sourcemap: true,
  // Deno and bundlers know built-in modules by "node:" only.
  removeNodeProtocol: false,
  external: [/^node:/],
  treeshake: true,
  esbuildOptions(options) {
    // A side effect missing from `sideEffects` must not vanish from the build with a mere warning.
    options.logOverride = { "ignored-bare-import": "error" };
  },
};
