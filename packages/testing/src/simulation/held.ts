import { CapacityLimiter, Condition, Lock, Semaphore } from "@anywhen/core";

type Named = readonly [name: string, value: unknown];

/** The value of each semaphore in the state, before anything has used it. */
export function semaphoresOf(state: unknown): ReadonlyMap<Semaphore, number> {
  const values = membersOf(state).map(([, value]) => value);
  return new Map(
    values.filter((value) => value instanceof Semaphore).map((one) => [one, one.value]),
  );
}

/** What is still held of the locks, conditions, limiters and semaphores that `state` is or has, in words. */
export function heldIn(state: unknown, before: ReadonlyMap<Semaphore, number>): string[] {
  return membersOf(state).flatMap(([name, value]) => {
    if ((value instanceof Lock || value instanceof Condition) && value.locked) {
      return [`${name} is still locked`];
    }
    if (value instanceof CapacityLimiter && value.borrowedTokens > 0) {
      return [`${value.borrowedTokens} token(s) of ${name} are still borrowed`];
    }
    if (value instanceof Semaphore && value.value < (before.get(value) ?? 0)) {
      return [`${name} has ${value.value} of its ${before.get(value)} permits`];
    }
    return [];
  });
}

function membersOf(state: unknown): Named[] {
  if (typeof state !== "object" || state === null) return [];
  return [["the state", state], ...Object.entries(state)];
}
