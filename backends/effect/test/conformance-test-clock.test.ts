import { register, type Subject } from "@anywhen/conformance";
import type { Backend } from "@anywhen/core";
import { describe, it } from "vitest";
import { selfAdvancing, testContext } from "./test-clock.ts";

/** The whole suite again, with Effect's `TestClock` as the time of every case. */
const disposals = new WeakMap<Backend, () => Promise<void>>();

const subject: Subject = {
  name: "effect on a TestClock",
  create() {
    const { context, dispose } = testContext();
    const backend = selfAdvancing(context);
    disposals.set(backend, dispose);
    return backend;
  },
  dispose: (backend) => disposals.get(backend)?.(),
};

register({ describe, it }, subject);
