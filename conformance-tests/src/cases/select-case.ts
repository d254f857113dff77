import { select, type Case as SelectCase } from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { withStream, type Ends } from "./memory-stream-case.ts";

/** Runs `body` in a run with two memory streams, and closes them. */
export function onTwo(
  id: string,
  title: string,
  capacity: number,
  body: (t: CaseContext, first: Ends, second: Ends) => Promise<void>,
): Case {
  return timeless(id, title, (t) =>
    t.run(() =>
      withStream(capacity, (first) => withStream(capacity, (second) => body(t, first, second))),
    ),
  );
}

/** Selects among cases of numbers, and says what came of it: "a", or "a=1" with a value. */
export async function chosen(cases: Record<string, SelectCase<number | void>>): Promise<string> {
  const { case: name, value } = await select(cases);
  return value === undefined ? name : `${name}=${value}`;
}
