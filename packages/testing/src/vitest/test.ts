import type { BackendSpec } from "anywhen";
import { type TestAPI, type TestContext, type TestOptions, TestRunner } from "vitest";
import { type AnywhenFixtures, chooseBackend, fixtures } from "./fixtures.ts";
import { runTest, type TestBody } from "./run-test.ts";

/** Vitest's `test`, with the fixtures of this integration. */
export type AnywhenTestAPI = TestAPI<AnywhenFixtures>;

export interface AnywhenTest extends AnywhenTestAPI {
  /** Registers each test three times: on `promise`, `effect` and `rxjs`, with that in its name. */
  readonly onEveryBackend: AnywhenTestAPI;
  /**
   * The same for a list of one's own, by name or as objects.
   *
   * @throws RangeError for an empty list, TypeError for what is no list
   */
  onBackends(backends: readonly BackendSpec[]): AnywhenTestAPI;
}

const everyBackend = ["promise", "effect", "rxjs"] as const;

/** How a test was registered: what was chained before the call, such as `only`. */
type Chained = Record<string, unknown>;
type Options = TestOptions & Chained;

function testOn(backends: readonly (BackendSpec | undefined)[]): AnywhenTestAPI {
  const collect = function (
    this: Chained,
    name: string,
    optionsOrBody?: Options | TestBody,
    bodyOrTimeout?: TestBody | number,
  ): void {
    const given = typeof optionsOrBody === "object" ? optionsOrBody : {};
    const options: Options =
      typeof bodyOrTimeout === "number" ? { timeout: bodyOrTimeout } : { ...given };
    const body = [optionsOrBody, bodyOrTimeout].find((value) => typeof value === "function");
    for (const backend of backends) {
      const suite = TestRunner.getCurrentSuite();
      const title = backend === undefined ? name : `${name} [${nameOf(backend)}]`;
      const task = suite.task(title, {
        ...this,
        ...inherited(this, { ...suite.options, ...options }),
        ...(body !== undefined && { handler: inRun(body as TestBody) }),
      });
      if (backend !== undefined) chooseBackend(task, backend);
    }
  };
  return TestRunner.createTaskCollector(collect).extend<AnywhenFixtures>(fixtures);
}

/** As vitest has it: what a test is told of running with others stands over what its suite is. */
function inherited(chained: Chained, options: Options): Options {
  const concurrent =
    chained["concurrent"] ?? (chained["sequential"] !== true && options.concurrent);
  const sequential =
    chained["sequential"] ?? (chained["concurrent"] !== true && options.sequential);
  return {
    ...options,
    ...(options.concurrent !== undefined && { concurrent: concurrent === true }),
    ...(options.sequential !== undefined && { sequential: sequential === true }),
  };
}

/** The body in a run. Vitest reads from a function's source, or from what it noted on it, which fixtures it wants. */
function inRun(body: TestBody): (context: TestContext) => Promise<void> {
  // The fixtures that tell how to run are there in any case.
  const handler = (context: TestContext): Promise<void> =>
    runTest(body, context as TestContext & AnywhenFixtures);
  for (const note of Object.getOwnPropertySymbols(body)) {
    Object.defineProperty(handler, note, Object.getOwnPropertyDescriptor(body, note) ?? {});
  }
  return Object.defineProperty(handler, "toString", { value: () => String(body) });
}

function nameOf(backend: BackendSpec): string {
  return typeof backend === "string" ? backend : backend.name;
}

function onBackends(backends: readonly BackendSpec[]): AnywhenTestAPI {
  if (!Array.isArray(backends)) {
    throw new TypeError(
      `test.onBackends() takes an array of backends, such as ["promise", "effect"], got ${typeof backends === "string" ? JSON.stringify(backends) : typeof backends}`,
    );
  }
  if (backends.length === 0) {
    throw new RangeError("test.onBackends([]) would register no test: name at least one backend");
  }
  return testOn(backends);
}

/**
 * Vitest's `test`, whose body is the main function of a run: its waits, tasks and scopes are those of
 * that run. Everything else is vitest's own: `test.only`, `test.each`, `test.for`, `test.extend`, …
 *
 * - `tg` is a task group around the test, cancelled at its end. A task in it that fails fails the test.
 * - `clock` puts the run in virtual time.
 * - A task that is left over at the end fails the test by name, and one that does not end is shown,
 *   with all others, shortly before the test times out.
 * - The run is on the backend that `run()` would take; `test.extend({ backend: "effect" })` names
 *   another, `test.onEveryBackend` tries each.
 *
 * @example
 * test("a job is given up after an hour", async ({ clock, tg }) => {
 *   const job = tg.startSoon(() => withTimeout(brokenJob));
 *   await clock.advance(3_600_000);
 *   expect(job.state).toBe("cancelled");
 * });
 */
export const test: AnywhenTest = Object.assign(testOn([undefined]), {
  onEveryBackend: testOn(everyBackend),
  onBackends,
});
