import { type TaskGroup, type BackendSpec, UsageError } from "anywhen";
import type { VirtualBackend, VirtualClock, VirtualClockOptions } from "@anywhen/core";
import type { RunnerTestCase, TestContext } from "vitest";
import { virtual } from "../virtual-time/virtual.ts";

/** What a test gets, and what it can be told through `test.extend()` and `test.override()`. */
export interface AnywhenFixtures {
  /** The backend of the test's run. Default: as for `run()`. Set it: `test.extend({ backend: "effect" })`. */
  backend: BackendSpec | undefined;
  /** Whether the run is in virtual time, or how. A test that asks for `clock` always is. Default false. */
  virtualTime: boolean | VirtualClockOptions;
  /** The clock of the run, which is in virtual time then. */
  clock: VirtualClock;
  /** A task group around the test: cancelled when the test has ended; a task that fails fails the test. */
  tg: TaskGroup;
}

type Settings = Pick<AnywhenFixtures, "backend" | "virtualTime">;
type Use<T> = (value: T) => Promise<void>;

/** The backends of tests that are registered once for each of several. */
const chosen = new WeakMap<RunnerTestCase, BackendSpec>();
/** The virtual backend of a test that has asked for its clock. */
const ticking = new WeakMap<RunnerTestCase, VirtualBackend>();

/** The test runs on `backend`, whatever its fixture says. */
export function chooseBackend(task: RunnerTestCase, backend: BackendSpec): void {
  chosen.set(task, backend);
}

/** What the run of this test is on. */
export function backendOf(task: RunnerTestCase, settings: Settings): BackendSpec | undefined {
  const ticks = ticking.get(task);
  if (ticks !== undefined) return ticks;
  if (settings.virtualTime !== false) return virtualFor(task, settings);
  return chosen.get(task) ?? settings.backend;
}

function virtualFor(task: RunnerTestCase, { backend, virtualTime }: Settings): VirtualBackend {
  const spec = chosen.get(task) ?? backend;
  return virtual({
    ...(spec !== undefined && { backend: spec }),
    ...(typeof virtualTime === "object" && virtualTime),
  });
}

const noGroup = new Proxy({} as TaskGroup, {
  get(_, member) {
    // Vitest, and whoever shows it, asks whether it is a promise and the like.
    if (member === "then" || typeof member === "symbol") return undefined;
    throw new UsageError(
      `tg.${String(member)} was used in a fixture or hook, before the test's run has begun: start tasks ` +
        "in the test itself, or give it a function that does",
    );
  },
});

/** Vitest reads from the parameters, which must be taken apart there, what a fixture depends on. */
export const fixtures: {
  backend: [BackendSpec | undefined, { auto: true }];
  virtualTime: [boolean | VirtualClockOptions, { auto: true }];
  clock(context: TestContext & Settings, use: Use<VirtualClock>): Promise<void>;
  tg(context: object, use: Use<TaskGroup>): Promise<void>;
} = {
  backend: [undefined, { auto: true }],
  virtualTime: [false, { auto: true }],
  clock: async ({ task, backend, virtualTime }, use) => {
    const ticks = virtualFor(task, { backend, virtualTime });
    ticking.set(task, ticks);
    await use(ticks.clock);
  },
  // oxlint-disable-next-line no-empty-pattern
  tg: async ({}, use) => use(noGroup),
};
