import { cases } from "./cases/index.ts";
import type { Case } from "./case.ts";
import { checkKnownFailures } from "./known-failures.ts";
import { runCase, type CaseResult } from "./run-case.ts";
import { shuffled } from "./shuffled.ts";
import type { Subject } from "./subject.ts";

/** Which cases to run, in which order, and what to call after each. */
export interface ConformanceOptions {
  /** Default: all. */
  readonly filter?: (testCase: Case) => boolean;
  /** An integer that decides the order of the cases. Default: the suite's own order. */
  readonly seed?: number;
  /** Real time after which a case is given up. Default: 4 seconds. */
  readonly timeoutMs?: number;
  /** Once it has aborted, no further case is started. */
  readonly signal?: AbortSignal;
  readonly onResult?: (result: CaseResult) => void;
}

/** Runs the cases one after the other without any test runner; resolves with a result per case. */
export async function runConformance(
  subject: Subject,
  options: ConformanceOptions = {},
): Promise<CaseResult[]> {
  checkKnownFailures(subject);
  const results: CaseResult[] = [];
  const ordered = options.seed === undefined ? cases : shuffled(cases, options.seed);
  for (const testCase of ordered.filter(options.filter ?? (() => true))) {
    if (options.signal?.aborted) break;
    const result = await runCase(testCase, subject, options.timeoutMs);
    results.push(result);
    options.onResult?.(result);
  }
  return results;
}
