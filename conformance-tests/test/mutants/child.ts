import { cases } from "../../src/index.ts";
import { runCase } from "../../src/run-case.ts";
import { referenceBackend } from "../reference-backend.ts";
import { backendMutants, mutantBackend } from "./backend-mutants.ts";
import type { Answer, Order } from "./messages.ts";

/*
 * A process of its own for a mutant, because a broken core may hang the event loop, or bring down the
 * process. It runs the cases it is told to, and tells what it begins, so that its parent knows where
 * it came to nothing.
 */

/** A case that measures a starving host is patient for a second and a half. */
const realClockMs = 3_000;

function tell(answer: Answer): Promise<void> {
  return new Promise((resolve) => process.send?.(answer, () => resolve()));
}

process.once("message", async ({ ids, backendFault, timeoutMs }: Order) => {
  const mutant = backendMutants.find(({ fault }) => fault === backendFault);
  const create = mutant === undefined ? referenceBackend : () => mutantBackend(mutant);
  for (const id of ids) {
    const testCase = cases.find((candidate) => candidate.id === id);
    if (testCase === undefined) throw new Error(`there is no case ${id}`);
    await tell({ begun: id, title: testCase.title });
    const limit = testCase.clock === "real" ? Math.max(timeoutMs, realClockMs) : timeoutMs;
    const { status, message = "" } = await runCase(testCase, { name: "mutant", create }, limit);
    await tell({ id, status, message });
  }
  process.disconnect();
  // What a broken core has left running must not keep the process.
  process.exit();
});
