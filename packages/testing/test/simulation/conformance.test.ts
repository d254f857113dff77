import { runConformance } from "@anywhen/conformance";
import { expect, test } from "vitest";
import { replaying } from "../../src/simulation/chooser.ts";
import { Simulator } from "../../src/simulation/simulator.ts";

/** A lock that code outside the run gives back: to the simulator, the run that waits for it is stuck. */
const needsOutside = "L1.41";

test(
  "the simulator is a backend: in its default order every rule holds",
  { timeout: 120_000 },
  async () => {
    const create = (): Simulator["backend"] => {
      const limits = { maxSteps: 1_000_000, patience: 4_000, trace: false };
      return new Simulator({ ...limits, chooser: replaying([]) }).backend;
    };
    const results = await runConformance(
      { name: "the simulator", create },
      { filter: ({ id }) => id !== needsOutside },
    );
    const wrong = results.filter(({ status }) => status !== "pass" && status !== "skip");
    expect(wrong.map(({ message }) => message)).toEqual([]);
    expect(results.filter(({ status }) => status === "pass").length).toBeGreaterThan(500);
  },
);
