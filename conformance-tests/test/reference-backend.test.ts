import { expect, test } from "vitest";
import { runConformance } from "../src/index.ts";
import { referenceBackend } from "./reference-backend.ts";

test(
  "a conforming backend passes every case without a test runner",
  { timeout: 60_000 },
  async () => {
    const results = await runConformance({ name: "reference", create: referenceBackend });
    const rest = results.filter((result) => result.status !== "pass" && result.status !== "skip");
    expect(rest.map((result) => result.message)).toEqual([]);
  },
);
