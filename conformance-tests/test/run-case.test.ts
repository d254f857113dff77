import { CancelScope, checkpoint, sleep, taskGroup, type HostedTask } from "@anywhen/core";
import { describe, expect, test } from "vitest";
import { runCase, type CaseResult } from "../src/run-case.ts";
import { needing, timeless, unless, virtual, type Case, type CaseBody } from "../src/case.ts";
import type { Subject } from "../src/index.ts";
import { referenceBackend } from "./reference-backend.ts";

const subject: Subject = { name: "reference", create: referenceBackend };
const title = "A case for the runner";

function outcomeOf(body: CaseBody, timeoutMs = 1_000): Promise<CaseResult> {
  return runCase(virtual("C7", title, body), subject, timeoutMs);
}

describe("the runner of a case", () => {
  test("passes a case that ends", async () => {
    const result = await outcomeOf(async (t) => t.run(() => sleep(1_000_000)));
    expect(result).toMatchObject({
      status: "pass",
      message: undefined,
      durationMs: expect.any(Number),
    });
  });

  test("fails a case whose assertion does not hold, and says what was expected and what came", async () => {
    const result = await outcomeOf(async (t) => t.equal([1, 2], [1, 3], "the numbers"));
    expect(result).toMatchObject({
      status: "fail",
      message: `C7: ${title}. But expected [1, 3], and [1, 2] came (the numbers)`,
    });
  });

  test("fails a case whose failed assertion was swallowed by a task or a catch", async () => {
    const result = await outcomeOf(async (t) => {
      try {
        t.fail("swallowed");
      } catch {
        // The case goes on as if nothing had happened.
      }
    });
    expect(result).toMatchObject({ status: "fail", message: `C7: ${title}. But swallowed` });
  });

  test("reports the assertion, not the group that it failed", async () => {
    const result = await outcomeOf((t) =>
      t.run(() => taskGroup((tg) => void tg.startSoon(() => t.equal(1, 2)))),
    );
    expect(result.message).toBe(`C7: ${title}. But expected 2, and 1 came`);
  });

  test("fails a case that throws", async () => {
    const result = await outcomeOf(() => Promise.reject(new TypeError("surprise")));
    expect(result.status).toBe("fail");
    expect(result.message).toContain(
      'an error came that it does not expect: TypeError("surprise")',
    );
  });

  test("gives up a case that does not end, and says what it waited for", async () => {
    const result = await outcomeOf(async (t) => {
      t.log.push("began");
      await t.run(() => new Promise(() => {}), { name: "stuck" });
    }, 50);
    expect(result.status).toBe("timeout");
    expect(result.message).toContain("Tasks not settled: stuck. Events so far: began.");
  });

  test("says what the backend still owes a case that does not end", async () => {
    const idle = {
      ...referenceBackend(),
      reschedule: () => {},
      spawn: (task: HostedTask<unknown>) => task.attach(undefined),
    };
    const result = await runCase(
      timeless("C7", title, (t) =>
        t.run(
          async () => {
            await taskGroup(async (tg) => {
              tg.startSoon(async () => {}, { name: "child" });
              await checkpoint();
            });
          },
          { name: "root" },
        ),
      ),
      { name: "idle", create: () => idle },
      50,
    );
    expect(result.message).toContain(
      "Owed by the backend: 1 of 1 callbacks of reschedule() never came; run() of these tasks was never called: child.",
    );
  });

  test("gives up a case also on a backend whose turns let no timer through", async () => {
    const result = await runCase(
      timeless("C7", title, (t) =>
        t.run(async () => {
          for (;;) await checkpoint();
        }),
      ),
      { name: "starving", create: () => ({ ...referenceBackend(), reschedule: queueMicrotask }) },
      50,
    );
    expect(result.status).toBe("timeout");
    expect(result.message).toMatch(/reschedule\(\) gave \d+ turns and let nothing else/);
  });

  test("fails a case that leaves a task behind", async () => {
    const result = await outcomeOf(async (t) => {
      void t.run(() => new Promise(() => {}), { name: "left" });
    });
    expect(result.message).toContain("left behind: B17: the task left was never settled");
  });

  test("fails a case that leaves a timer behind", async () => {
    const result = await outcomeOf(async (t) => {
      t.backend.setTimer(1_000, () => {});
    });
    expect(result.message).toContain("left behind: C21: 1 timer(s) were left armed");
  });

  test("fails a case that leaves an unhandled rejection behind", async () => {
    const result = await outcomeOf(async () => {
      void Promise.reject(new Error("nobody's"));
    });
    expect(result.message).toContain('left behind: T19: Error("nobody\'s") was caught by nobody');
  });

  test("skips a case that needs what the backend does not claim", async () => {
    const result = await runCase(
      needing(
        ["hostCancel"],
        timeless("C7", title, async (t) => t.fail("it ran")),
      ),
      subject,
    );
    expect(result).toMatchObject({
      status: "skip",
      message: "C7: skipped, the backend does not claim hostCancel",
    });
  });

  test("skips a case that does not apply to what the backend claims", async () => {
    const testCase = unless(
      ["deterministic"],
      timeless("C7", title, async (t) => t.fail("it ran")),
    );
    const deterministic = { ...referenceBackend().capabilities, deterministic: true };
    const result = await runCase(testCase, {
      ...subject,
      create: () => ({ ...referenceBackend(), capabilities: deterministic }),
    });
    expect(result.status).toBe("skip");
  });

  test("makes a backend for each case and disposes of it", async () => {
    const log: string[] = [];
    const watched: Subject = {
      name: "watched",
      create: () => {
        log.push("create");
        return referenceBackend();
      },
      dispose: () => void log.push("dispose"),
    };
    await runCase(
      timeless("C7", title, async () => void log.push("run")),
      watched,
    );
    expect(log).toEqual(["create", "run", "dispose"]);
  });
});

test("a case that lets errors reach the host is skipped where the test runner takes them", async () => {
  const provoking = timeless("B13", title, async (t) => {
    t.provokesHostErrors();
    t.fail("it goes on");
  });
  expect(await runCase(provoking, subject, 1_000, true)).toMatchObject({
    status: "skip",
    message: "B13: skipped, the test runner takes errors that nobody catches",
  });
  expect(await runCase(provoking, subject)).toMatchObject({ status: "fail" });
});

describe("a known failure", () => {
  const known: Subject = { ...subject, knownFailures: { C7: "issue 12" } };
  const failing: Case = timeless("C7", title, async (t) => t.fail("it fails"));

  test("is expected to fail", async () => {
    expect(await runCase(failing, known)).toMatchObject({ status: "expected-fail" });
  });

  test("is an error when it passes", async () => {
    const result = await runCase(
      timeless("C7", title, async () => {}),
      known,
    );
    expect(result.status).toBe("unexpected-pass");
    expect(result.message).toContain("listed as a known failure (issue 12)");
  });
});

describe("the assertions", () => {
  test("rejects() demands a rejection, not a synchronous throw", async () => {
    const result = await outcomeOf(async (t) => {
      await t.rejects(() => {
        throw new Error("synchronous");
      });
    });
    expect(result.message).toContain(
      "a promise that rejects was expected, and a synchronous throw",
    );
  });

  test("throws() and rejects() demand the class of the error", async () => {
    const sync = await outcomeOf(
      async (t) => void t.throws(() => new CancelScope({ deadline: Number.NaN }), TypeError),
    );
    const async = await outcomeOf(
      async (t) => void (await t.rejects(Promise.reject(new Error("no")), TypeError)),
    );
    expect(sync.message).toContain("expected an error of class TypeError, and RangeError(");
    expect(async.message).toContain('expected an error of class TypeError, and Error("no") came');
  });

  test("equal() shows of long lists only where they differ", async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    const result = await outcomeOf(async (t) => t.equal(numbers.with(50, 0), numbers));
    expect(result.message).toContain(
      "expected [… 49 before, 49, 50, 51, 52, … 47 more], and [… 49 before, 49, 0, 51, 52, … 47 more] came",
    );
  });

  test("same() tells equal objects apart, equal() does not", async () => {
    expect((await outcomeOf(async (t) => t.equal({ a: [1] }, { a: [1] }))).status).toBe("pass");
    expect((await outcomeOf(async (t) => t.same({ a: [1] }, { a: [1] }))).status).toBe("fail");
  });
});
