import { readFileSync } from "node:fs";
import type { Options } from "tsup";
import { base } from "../tsup.base.ts";

const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };

const config: Options = {
  ...base,
  entry: {
    index: "src/index.ts",
    "report/index": "src/report/index.ts",
    "cli/main": "src/cli/main.ts",
  },
  define: { ANYWHEN_SUITE_VERSION: JSON.stringify(version) },
};

export default config;
