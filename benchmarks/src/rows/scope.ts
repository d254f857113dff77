import { cancelScope } from "anywhen";
import { inOwnContext } from "../hand-written/own-context.ts";
import { baseline, raw, type Row, subject } from "../row.ts";

const fast = async (): Promise<number> => 1;

async function inScopes(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await cancelScope(fast);
}

async function bareCalls(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await fast();
}

async function inContexts(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await inOwnContext(fast);
}

/** What a scope is by hand: a controller that follows an outer signal while the call lasts. */
async function withControllers(count: number): Promise<void> {
  const outer = new AbortController().signal;
  for (let index = 0; index < count; index++) {
    const controller = new AbortController();
    const abort = (): void => controller.abort(outer.reason);
    outer.addEventListener("abort", abort);
    try {
      await fast();
    } finally {
      outer.removeEventListener("abort", abort);
    }
  }
}

export const row: Row = {
  name: "scope",
  operation: "a scope entered around an async function that returns at once, and left",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("cancelScope", inScopes),
    ...baseline("await of the function", bareCalls, 5),
    raw("await of the function in a context of its own", inContexts, 3),
    raw("linked AbortController", withControllers, 0.5),
  ],
};
