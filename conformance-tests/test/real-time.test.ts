import { expect, test, vi } from "vitest";

/** Every host timer that is set, by its delay. In place before anything captures the host's own. */
const delays = vi.hoisted(() => {
  const set: number[] = [];
  const setTimeout = globalThis.setTimeout;
  const setInterval = globalThis.setInterval;
  globalThis.setTimeout = Object.assign((callback: () => void, ms?: number, ...rest: unknown[]) => {
    set.push(ms ?? 0);
    return setTimeout(callback, ms, ...rest);
  }, setTimeout) as typeof globalThis.setTimeout;
  globalThis.setInterval = ((callback: () => void, ms?: number, ...rest: unknown[]) => {
    set.push(ms ?? 0);
    return setInterval(callback, ms, ...rest);
  }) as typeof globalThis.setInterval;
  return set;
});

const { cases } = await import("../src/index.ts");
const { runCase } = await import("../src/run-case.ts");
const { referenceBackend } = await import("./reference-backend.ts");

/** Tells the watchdog's own timer from the others. */
const watchdogMs = 4_321;

test("no case sets a timer of the host, save those that are marked as real", async () => {
  const sleeping: string[] = [];
  for (const testCase of cases.filter(({ clock }) => clock !== "real")) {
    delays.length = 0;
    await runCase(testCase, { name: "reference", create: referenceBackend }, watchdogMs);
    if (delays.some((ms) => ms !== watchdogMs))
      sleeping.push(`${testCase.id}: ${delays.join(", ")}`);
  }
  expect(sleeping).toEqual([]);
}, 60_000);
