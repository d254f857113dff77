// The programs beside this file are tests that vitest.test.ts runs in a process of their own.
import { defineConfig, type ViteUserConfig } from "vitest/config";
import root from "../../../../vitest.config.ts";

const config: ViteUserConfig = defineConfig({
  ...root,
  test: { pool: "forks", include: ["packages/testing/test/programs/*.ts"] },
});

export default config;
