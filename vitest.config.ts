import { defineConfig, type ViteUserConfig } from "vitest/config";

// Naming a condition replaces the defaults, so they are repeated.
const conditions = ["@anywhen/source", "module", "node", "development|production"];

const roots = "{packages/*,backends/*,conformance-tests,examples/*,benchmarks,docs}";

const config: ViteUserConfig = defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: [`${roots}/test/**/*.test.ts`],
    pool: "forks",
    // Leak tests call globalThis.gc.
    execArgv: ["--expose-gc"],
    typecheck: {
      enabled: true,
      include: [`${roots}/test/**/*.test-d.ts`],
      tsconfig: "./tsconfig.json",
      // Errors outside type tests belong to `pnpm typecheck`.
      ignoreSourceErrors: true,
    },
    coverage: {
      provider: "v8",
      include: ["packages/*/src/**", "backends/*/src/**", "conformance-tests/src/**"],
      reporter: ["text", "json-summary"],
      reportsDirectory: "reports/coverage",
    },
  },
});

export default config;
