import type { Case } from "./case.ts";
import { RuleBroken } from "./assertions.ts";
import { RunningCase, Skipped } from "./case-context.ts";
import { show } from "./show.ts";
import type { Subject } from "./subject.ts";
import { afterRealTime, turn } from "./turn.ts";

/** How a case went. "expected-fail" and "unexpected-pass" are about cases listed in `knownFailures`. */
export type CaseStatus = "pass" | "fail" | "timeout" | "skip" | "expected-fail" | "unexpected-pass";

/** What came of one case on one subject. */
export interface CaseResult {
  readonly case: Case;
  readonly status: CaseStatus;
  /** Why, unless it passed: starts with the case's id. */
  readonly message: string | undefined;
  /** What was thrown, if it failed. */
  readonly error: unknown;
  /** Real milliseconds. */
  readonly durationMs: number;
}

/** Real time after which a case that has not ended is given up; below the usual limits of test runners. */
const defaultTimeoutMs = 4_000;

/** Captured when the module loads, so that fake timers of a test runner change nothing. */
const now = performance.now.bind(performance);

type Verdict = Pick<CaseResult, "message" | "error"> & {
  readonly status: "pass" | "fail" | "timeout" | "skip";
};

/**
 * Runs one case on a fresh backend of `subject`. Never rejects because of the backend.
 *
 * @param runnerTakesErrors errors that nobody catches are the test runner's, before the host tells anyone else
 */
export async function runCase(
  testCase: Case,
  subject: Subject,
  timeoutMs: number = defaultTimeoutMs,
  runnerTakesErrors: boolean = false,
): Promise<CaseResult> {
  const start = now();
  const running = new RunningCase(testCase, subject, timeoutMs, runnerTakesErrors);
  const reason = subject.knownFailures?.[testCase.id];
  try {
    const verdict = await judge(testCase, running, timeoutMs);
    return {
      case: testCase,
      ...(reason === undefined ? verdict : againstKnown(testCase, verdict, reason)),
      durationMs: now() - start,
    };
  } finally {
    await running.dispose();
  }
}

async function judge(testCase: Case, running: RunningCase, timeoutMs: number): Promise<Verdict> {
  if (running.skipped !== undefined) return skip(testCase, running.skipped);
  const ended = await ending(testCase, running, timeoutMs);
  if (ended === "timeout") return timeout(testCase, running, timeoutMs);
  if (running.broken) return failed(running.broken.message, running.broken);
  if (ended.error instanceof Skipped) return skip(testCase, ended.error.message);
  if (ended.threw) return failed(unexpected(testCase, ended.error), ended.error);
  return leftovers(testCase, running);
}

/** The case's own end, or the watchdog's. */
async function ending(
  testCase: Case,
  running: RunningCase,
  timeoutMs: number,
): Promise<{ threw: boolean; error?: unknown } | "timeout"> {
  let disarm: (() => void) | undefined;
  const watchdog = new Promise<"timeout">((resolve) => {
    disarm = afterRealTime(timeoutMs, () => resolve("timeout"));
  });
  const body = (async () => testCase.run(running))();
  const ended = await Promise.race([
    watchdog,
    body.then(
      () => ({ threw: false }),
      (error: unknown) => ({ threw: true, error }),
    ),
  ]);
  disarm?.();
  return ended;
}

/** What holds after every case: no task, timer or unhandled error is left behind. */
async function leftovers(testCase: Case, running: RunningCase): Promise<Verdict> {
  for (const watch of running.watches) watch.caseIsOver();
  await turn();
  await turn();
  const complaints = running.watches.flatMap((watch) => [
    ...watch.faults,
    ...watch.unsettled.map((name) => `B17: the task ${name} was never settled`),
    ...(watch.timersAlive > 0 ? [`C21: ${watch.timersAlive} timer(s) were left armed`] : []),
  ]);
  complaints.push(
    ...running
      .takeHostErrors()
      .map((error) => `T19: ${show(error)} was caught by nobody and reached the host`),
  );
  if (complaints.length === 0) return { status: "pass", message: undefined, error: undefined };
  const message = `${testCase.id}: ${testCase.title}. It ended well, but left behind: ${complaints.join("; ")}`;
  return failed(message, new RuleBroken(testCase.id, message));
}

function againstKnown(
  testCase: Case,
  verdict: Verdict,
  reason: string,
): Omit<CaseResult, "case" | "durationMs"> {
  if (verdict.status === "skip") return verdict;
  if (verdict.status !== "pass")
    return {
      ...verdict,
      status: "expected-fail",
      message: `${verdict.message} (known: ${reason})`,
    };
  const message = `${testCase.id}: this case passes, but is listed as a known failure (${reason}). Remove it from the list.`;
  return { status: "unexpected-pass", message, error: new RuleBroken(testCase.id, message) };
}

function timeout(testCase: Case, running: RunningCase, timeoutMs: number): Verdict {
  const tasks = running.watches.flatMap((watch) => watch.unsettled);
  const owed = running.watches.flatMap((watch) => watch.owed);
  const message =
    `${testCase.id}: ${testCase.title}. But it had not ended after ${timeoutMs} ms. ` +
    `Tasks not settled: ${tasks.join(", ") || "none"}. ` +
    (owed.length > 0 ? `Owed by the backend: ${owed.join("; ")}. ` : "") +
    `Events so far: ${running.log.join(", ") || "none"}.`;
  return { status: "timeout", message, error: new RuleBroken(testCase.id, message) };
}

function failed(message: string, error: unknown): Verdict {
  return { status: "fail", message, error };
}

function skip(testCase: Case, reason: string): Verdict {
  return { status: "skip", message: `${testCase.id}: skipped, ${reason}`, error: undefined };
}

function unexpected(testCase: Case, error: unknown): string {
  return `${testCase.id}: ${testCase.title}. But an error came that it does not expect: ${show(error)}`;
}
