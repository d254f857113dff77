/** The conformance suite: what every backend of anywhen must do, as data, for any test runner or none. */
export { cases } from "./cases/index.ts";
export { flatRunner } from "./flat-runner.ts";
export { register, type RegisterOptions, type TestRunner } from "./register.ts";
export { runConformance, type ConformanceOptions } from "./run-conformance.ts";
export { toDoList, type ToDoListOptions } from "./to-do-list/to-do-list.ts";
export { withVirtualClock } from "@anywhen/core";
export type { Assertions, ErrorClass } from "./assertions.ts";
export type { AsyncLocalStorage } from "./async-local-storage.ts";
export type { Capability, Case, CaseBody, Clock, Level } from "./case.ts";
export type { CaseContext } from "./case-context.ts";
export type { CaseResult, CaseStatus } from "./run-case.ts";
export type { Subject } from "./subject.ts";
export type { BackendWatch, WatchedTask } from "./watched-backend.ts";
