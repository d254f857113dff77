// The programs beside this file are tests that vitest.test.ts runs in a process of their own.
import { defineConfig, type ViteUserConfig } from "vitest/config";

const conditions = ["@anywhen/source", "module", "node", "development|production"];

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { pool: "forks", include: ["packages/testing/test/programs/*.ts"] },
});

export default config;
