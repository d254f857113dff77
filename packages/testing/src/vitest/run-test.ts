import { type CancelScope, describeTasks } from "@anywhen/core";
import {
  currentScope,
  isCancelled,
  run,
  type TaskGroup,
  taskGroup,
  type TaskGroupError,
} from "anywhen";
import type { TestContext } from "vitest";
import { type AnywhenFixtures, backendOf } from "./fixtures.ts";
import { FailedTasks, LeftoverTasks, readable } from "./readable-failure.ts";
import { watchdog } from "./watchdog.ts";

type Context = TestContext & AnywhenFixtures;

export type TestBody = (context: Context) => unknown;

/**
 * Runs a test's body in a run of its own, in a task group that is cancelled when the body has ended.
 *
 * @throws what the body throws, and what its tasks throw, as a tree; several failures in an
 * AggregateError, which vitest shows one by one
 */
export async function runTest(body: TestBody, context: Context): Promise<void> {
  const { task, signal } = context;
  const backend = backendOf(task, context);
  const failures: unknown[] = [];
  let root: CancelScope | undefined;
  const dog = watchdog(task.timeout, () => root);
  const onAbort = (): void => root?.cancel(signal.reason);
  signal.addEventListener("abort", onAbort);
  const main = (): Promise<void> => {
    root = currentScope();
    return inGroup(body, context, failures);
  };
  const options = backend === undefined ? { name: task.name } : { name: task.name, backend };
  try {
    const ended = run(main, options).catch((error: unknown) => void failures.push(error));
    await Promise.race([ended, dog.barked]);
  } finally {
    dog.stop();
    signal.removeEventListener("abort", onAbort);
  }
  if (failures.length > 1) throw new AggregateError(failures);
  if (failures.length === 1) throw failures[0];
}

/** The body is a task of its own, so that what it leaves behind is told from tasks of `tg`. */
async function inGroup(body: TestBody, context: Context, failures: unknown[]): Promise<void> {
  const name = "the test";
  try {
    await taskGroup(
      async (tg) => {
        const ending = tg.startSoon(() => ended(body, { context, tg, failures }), { name });
        await ending.wait();
        tg.cancel("the test has ended");
      },
      { name },
    );
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    // First, because it is what ended the body.
    failures.unshift(new FailedTasks(error as TaskGroupError, "in the background of the test: "));
  }
}

interface Surroundings {
  readonly context: Context;
  readonly tg: TaskGroup;
  readonly failures: unknown[];
}

async function ended(body: TestBody, { context, tg, failures }: Surroundings): Promise<void> {
  context.tg = tg;
  try {
    await body(context);
  } catch (error) {
    // The cancellation that a failing task, or the end of the run, brought about is no news.
    if (isCancelled(error) && tg.scope.cancelled) throw error;
    failures.push(readable(error));
  }
  const [, ...leftover] = describeTasks(currentScope()).split("\n");
  if (leftover.length > 0) failures.push(new LeftoverTasks(leftover));
}
