import { cancelEverywhere, explore, type Program } from "@anywhen/testing";
import { describe, expect, test } from "vitest";
import { simulationRuns } from "../simulation-runs.ts";
import { exclusion } from "./exclusion.ts";
import { meeting } from "./meeting.ts";
import { isViolation, type Specimen } from "./specimen.ts";
import { streams } from "./streams.ts";

const runs = simulationRuns;
const timeout = 60_000 + runs * 60;
/** Seeds for which every place of cancellation is tried. */
const cancelledSeeds = Math.ceil(runs / 50);

function programOf({ setup, main, check, complete }: Specimen<unknown>): Program<void> {
  return async () => {
    const state = setup();
    await main(state);
    check(state);
    complete?.(state);
  };
}

describe.each([...exclusion, ...meeting, ...streams])("$name", (specimen) => {
  test("holds in every order that was tried", { timeout }, async () => {
    const { schedules } = await explore(programOf(specimen), { runs });
    expect(schedules).toBeGreaterThan(1);
  });

  test("holds wherever it is cancelled", { timeout }, async () => {
    const { setup, main, check } = specimen;
    // With one task gone, others may wait in vain for it, or not find what it has not done.
    const ofPartners = (error: unknown): boolean => !isViolation(error);
    for (let seed = 1; seed <= cancelledSeeds; seed++) {
      await cancelEverywhere(main, { setup, check, seed });
      await cancelEverywhere(main, { setup, check, seed, target: "task", expected: ofPartners });
    }
  });
});
