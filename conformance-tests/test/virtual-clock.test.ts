import { expect, test } from "vitest";
import { runConformance, withVirtualClock } from "../src/index.ts";
import { referenceBackend } from "./reference-backend.ts";

test("a backend whose time is virtual by nature passes every case that applies to it", async () => {
  const results = await runConformance({
    name: "virtual",
    create: () => withVirtualClock(referenceBackend()),
  });
  const failed = results.filter(({ status }) => status !== "pass" && status !== "skip");
  expect(failed.map((result) => result.message)).toEqual([]);
  const skipped = results.filter(({ status }) => status === "skip");
  expect(new Set(skipped.map((result) => result.case.clock))).toEqual(new Set(["real"]));
}, 60_000);
