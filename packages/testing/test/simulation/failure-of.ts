import { SimulationError } from "@anywhen/testing";
import { expect } from "vitest";

/** The error that a simulation fails with. */
export async function failureOf(run: Promise<unknown>): Promise<SimulationError> {
  const error: unknown = await run.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SimulationError);
  return error as SimulationError;
}
