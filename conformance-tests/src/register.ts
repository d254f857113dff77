import type { Case } from "./case.ts";
import { areas } from "./cases/index.ts";
import { checkKnownFailures } from "./known-failures.ts";
import { hostProcess } from "./host-process.ts";
import { runCase } from "./run-case.ts";
import { hintFor } from "./to-do-list/hints.ts";
import { ruleTexts } from "./to-do-list/rule-texts.ts";
import type { Subject } from "./subject.ts";

/** The two functions of a test runner that the suite needs: those of vitest, node:test and bun:test will do. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

/** Which cases to make tests of, and how long each may take. */
export interface RegisterOptions {
  /** Default: all. */
  readonly filter?: (testCase: Case) => boolean;
  /** Real time after which a case is given up; the runner's own limit must be longer. Default: 4 seconds. */
  readonly timeoutMs?: number;
}

/** Registers every case as a test, whatever its level, and whether or not it is a known failure. */
export function register(
  { describe, it }: TestRunner,
  subject: Subject,
  { filter = () => true, timeoutMs }: RegisterOptions = {},
): void {
  checkKnownFailures(subject);
  const takesErrors = isBunTest();
  describe(`conformance of ${subject.name}`, () => {
    for (const area of areas) {
      const chosen = area.cases.filter(filter);
      if (chosen.length === 0) continue;
      describe(area.name, () => {
        for (const testCase of chosen) {
          // Rest parameters, because some runners take a declared one for a callback to wait for.
          it(`${testCase.id} ${testCase.title}`, async (...context: {
            skip?: (reason?: string) => void;
          }[]) => {
            const result = await runCase(testCase, subject, timeoutMs, takesErrors);
            if (result.status === "skip") context[0]?.skip?.(result.message);
            if (
              result.status === "pass" ||
              result.status === "skip" ||
              result.status === "expected-fail"
            )
              return;
            throw new Error(`${result.message}\n${adviceFor(testCase.rule)}`, {
              cause: result.error,
            });
          });
        }
      });
    }
  });
}

function adviceFor(rule: string): string {
  return `Rule ${rule}: ${ruleTexts[rule]}\nLook at ${hintFor(rule)}`;
}

/**
 * `bun test` fails a test for an error that nobody catches, before any listener hears of it. Who
 * registers tests on Bun is in `bun test`, or in vitest, which says so.
 */
function isBunTest(): boolean {
  return "Bun" in globalThis && hostProcess()?.env?.["VITEST"] === undefined;
}
