import { cases } from "./cases/index.ts";
import type { Case } from "./case.ts";
import { checkKnownFailures } from "./known-failures.ts";
import { runCase, type CaseResult } from "./run-case.ts";
import type { Subject } from "./subject.ts";

/** Which cases to run, and what to call after each. */
export interface ConformanceOptions {
  /** Default: all. */
  readonly filter?: (testCase: Case) => boolean;
  /** Real time after which a case is given up. Default: 4 seconds. */
  readonly timeoutMs?: number;
  readonly onResult?: (result: CaseResult) => void;
}

/** Runs the cases one after the other without any test runner; resolves with a result per case. */
export async function runConformance(
  subject: Subject,
  options: ConformanceOptions = {},
): Promise<CaseResult[]> {
  checkKnownFailures(subject);
  const results: CaseResult[] = [];
  for (const testCase of cases.filter(options.filter ?? (() => true))) {
    const result = await runCase(testCase, subject, options.timeoutMs);
    results.push(result);
    options.onResult?.(result);
  }
  return results;
}
