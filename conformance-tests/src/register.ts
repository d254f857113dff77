import { areas } from "./cases/index.ts";
import { checkKnownFailures } from "./known-failures.ts";
import { runCase } from "./run-case.ts";
import { hintFor } from "./to-do-list/hints.ts";
import { ruleTexts } from "./to-do-list/rule-texts.ts";
import type { Subject } from "./subject.ts";

/** The two functions of a test runner that the suite needs: those of vitest, node:test and bun:test will do. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

/** Registers every case as a test. A level or a known failure does not hide a case: it is in the title. */
export function register({ describe, it }: TestRunner, subject: Subject): void {
  checkKnownFailures(subject);
  describe(`conformance of ${subject.name}`, () => {
    for (const area of areas) {
      describe(area.name, () => {
        for (const testCase of area.cases) {
          // Rest parameters, because some runners take a declared one for a callback to wait for.
          it(`${testCase.id} ${testCase.title}`, async (...context: {
            skip?: (reason?: string) => void;
          }[]) => {
            const result = await runCase(testCase, subject);
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
