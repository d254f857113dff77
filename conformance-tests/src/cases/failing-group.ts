import { TaskGroupError, taskGroup, type TaskGroup } from "@anywhen/core";
import type { CaseContext } from "../case-context.ts";

/** Runs a group that must fail. */
export async function failureOf(
  t: CaseContext,
  body: (tg: TaskGroup) => void | Promise<void>,
): Promise<TaskGroupError> {
  return (await t.rejects(() => taskGroup(body), TaskGroupError)) as TaskGroupError;
}
