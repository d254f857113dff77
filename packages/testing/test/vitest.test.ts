import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { run, taskGroup, TaskGroupError } from "anywhen";
import { expect, test } from "vitest";
import { test as anywhenTest } from "../src/vitest/index.ts";
import { readable } from "../src/vitest/readable-failure.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** Runs the tests of one program in a vitest of its own. */
function runProgram(name: string): Promise<Report["testResults"][number]["assertionResults"]> {
  const program = `packages/testing/test/programs/${name}.ts`;
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=json"];
  const config = ["--config", "packages/testing/test/programs/vitest.config.ts"];
  return new Promise((resolve, reject) => {
    const child = [...vitest, ...config, program];
    execFile(process.execPath, child, { cwd: root }, (_, stdout, stderr) => {
      try {
        const report = JSON.parse(stdout) as Report;
        resolve(report.testResults.flatMap(({ assertionResults }) => assertionResults));
      } catch (error) {
        reject(new Error(`vitest reported nothing:\n${stdout}\n${stderr}`, { cause: error }));
      }
    });
  });
}

let failing: ReturnType<typeof runProgram> | undefined;
const failures = (): ReturnType<typeof runProgram> => (failing ??= runProgram("failing"));

/** The message, without frames, colours and paths. */
function messageOf(failure: string): string {
  return failure
    .split("\n")
    .filter((line) => !/^[\s│]*(?:at|❯) /.test(line))
    .join("\n")
    .trim();
}

test("every way to write a test works, and what it gives the body is there", async () => {
  const results = await runProgram("passing");
  const wrong = results.filter(({ status }) => status === "failed");
  expect(wrong.flatMap(({ title, failureMessages }) => [title, ...failureMessages])).toEqual([]);
  const count = (wanted: string): number =>
    results.filter(({ status }) => status === wanted).length;
  expect({
    passed: count("passed"),
    skipped: count("skipped") + count("pending"),
    todo: count("todo"),
  }).toEqual({ passed: 25, skipped: 2, todo: 1 });
}, 60_000);

test("each way to fail is told in words that say what to do", async () => {
  const results = await failures();
  expect(results.filter(({ status }) => status !== "failed")).toEqual([]);
  const told = Object.fromEntries(
    results.map(({ title, failureMessages }) => [title, failureMessages.map(messageOf)]),
  );
  expect(told).toMatchSnapshot();
}, 60_000);

test("a failure in the background is shown at the line of the task that failed", async () => {
  const results = await failures();
  const [failure = ""] =
    results.find(({ title }) => title.includes("shown in its tree"))?.failureMessages ?? [];
  const [, place] = failure.split("\n    at ");
  expect(place).toContain("packages/testing/test/programs/failing.ts:");
}, 60_000);

test("test.onBackends() refuses what would register nothing", () => {
  expect(() => anywhenTest.onBackends([])).toThrow("would register no test");
  expect(() => anywhenTest.onBackends("effect" as never)).toThrow(`got "effect"`);
});

test("a single failure of a group stays the cause, so that vitest shows what was expected", async () => {
  const thrownBy = (...errors: readonly Error[]): Promise<unknown> =>
    run(() =>
      taskGroup((tg) => {
        for (const error of errors) tg.startSoon(() => Promise.reject(error));
      }),
    ).then(
      () => undefined,
      (error: unknown) => error,
    );
  const [one, other] = [new Error("one"), new Error("other")];
  const single = await thrownBy(one);
  expect(single).toBeInstanceOf(TaskGroupError);
  expect(readable(single)).toMatchObject({ name: "TaskGroupError", cause: one });
  expect((readable(await thrownBy(one, other)) as Error).cause).toBeUndefined();
  expect(readable(one)).toBe(one);
});
