import { simulate, SimulationError } from "@anywhen/testing";
import { checkpoint, gather } from "anywhen";
import fc from "fast-check";
import { expect, test } from "vitest";

/** Loses a deposit when another comes between its read and its write. */
async function deposits(amounts: readonly number[]): Promise<void> {
  let balance = 0;
  const deposit = async (amount: number, delay: number): Promise<void> => {
    for (let round = 0; round < 2 * delay; round++) await checkpoint();
    const before = balance;
    await checkpoint();
    balance = before + amount;
  };
  await gather(...amounts.map((amount, index) => () => deposit(amount, index)));
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  if (balance !== total) throw new Error(`the balance is ${balance}, not ${total}`);
}

const amounts = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 4 });

test("fast-check draws inputs and seeds", async () => {
  const checked = await fc.check(
    fc.asyncProperty(amounts, fc.integer(), async (given, seed) => {
      await simulate(() => deposits(given), { seed });
    }),
    { seed: 1, numRuns: 200 },
  );
  expect(checked.failed).toBe(true);
  expect(checked.errorInstance).toBeInstanceOf(SimulationError);
  expect(checked.counterexample?.[0]).toHaveLength(2);
});

test("fast-check draws schedules, and shrinks them with the inputs", async () => {
  const schedules = fc.array(fc.nat({ max: 9 }), { maxLength: 30, size: "max" });
  const checked = await fc.check(
    fc.asyncProperty(amounts, schedules, async (given, schedule) => {
      await simulate(() => deposits(given), { schedule });
    }),
    { seed: 1, numRuns: 500 },
  );
  expect(checked.failed).toBe(true);
  const [given = [], schedule = []] = checked.counterexample ?? [];
  expect(given).toEqual([1, 1]);
  await expect(simulate(() => deposits(given), { schedule })).rejects.toThrow(SimulationError);
});
