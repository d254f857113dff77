import { register, runConformance } from "@anywhen/conformance";
import { asapScheduler, asyncScheduler, queueScheduler, VirtualTimeScheduler } from "rxjs";
import { TestScheduler } from "rxjs/testing";
import { describe, expect, it } from "vitest";
import { rxjsBackend } from "../src/index.ts";

const schedulers = {
  asyncScheduler: () => asyncScheduler,
  asapScheduler: () => asapScheduler,
  queueScheduler: () => queueScheduler,
  VirtualTimeScheduler: () => new VirtualTimeScheduler(),
  TestScheduler: () => new TestScheduler(() => {}),
};

for (const [name, scheduler] of Object.entries(schedulers)) {
  register(
    { describe, it },
    { name: `rxjs on ${name}`, create: () => rxjsBackend({ scheduler: scheduler() }) },
  );
}

it("B11 a virtual scheduler keeps the order of turns as well, although nobody asks a deterministic backend", async () => {
  const results = await runConformance(
    {
      name: "rxjs on VirtualTimeScheduler",
      create() {
        const backend = rxjsBackend({ scheduler: new VirtualTimeScheduler() });
        return { ...backend, capabilities: { ...backend.capabilities, deterministic: false } };
      },
    },
    { filter: ({ rule }) => rule === "B11" },
  );
  expect(results.map(({ status, message }) => message ?? status)).toEqual(
    results.map(() => "pass"),
  );
});
