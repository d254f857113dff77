import { outside } from "./context.ts";

const kept = new Map<() => unknown, unknown>();

/**
 * Keeps one object alive of each class that comes and goes with tasks, waits and what they share: what
 * `examples` returns, which is called once. V8 holds on to the shape of objects, and to what it has
 * compiled for that shape, only as long as there is such an object when it collects all garbage:
 * between two requests that may be none, and then the library would run in the interpreter again.
 */
export function keepShapes(examples: () => unknown): void {
  if (kept.has(examples)) return;
  // Making them may come back here.
  kept.set(examples, undefined);
  // Outside: they must keep nothing else alive.
  kept.set(examples, outside(examples));
}
