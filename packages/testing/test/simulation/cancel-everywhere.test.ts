import { cancelEverywhere } from "@anywhen/testing";
import {
  CapacityLimiter,
  checkpoint,
  Condition,
  Event,
  isCancelled,
  Lock,
  memoryStream,
  Semaphore,
  shield,
  sleep,
  taskGroup,
} from "anywhen";
import { describe, expect, test } from "vitest";
import { failureOf } from "./failure-of.ts";

interface Bank {
  readonly lock: Lock;
  readonly log: string[];
}

const setup = (): Bank => ({ lock: new Lock({ name: "vault" }), log: [] });

/** Two tasks that take turns at the vault. */
function visits(visit: (bank: Bank, name: string) => Promise<unknown>) {
  return (bank: Bank): Promise<unknown> =>
    taskGroup((tg) => {
      for (const name of ["ann", "ben"]) tg.startSoon(() => visit(bank, name), { name });
    });
}

const careful = visits(async ({ lock, log }, name) => {
  await lock.use(() => sleep(1));
  log.push(name);
  await checkpoint();
});

const careless = visits(async function visit({ lock }) {
  const lease = await lock.acquire();
  await sleep(1);
  lease.release();
});

describe("cancelEverywhere()", () => {
  test("tries each checkpoint, and each moment at which all tasks wait", async () => {
    const tried = await cancelEverywhere(careful, { setup });
    // Each use(), sleep() and checkpoint().
    expect(tried.checkpoints).toBe(6);
    expect(tried.runs).toBe(1 + tried.checkpoints + tried.moments);
    expect(tried.moments).toBeGreaterThan(8);
  });

  test("cancels at the very call: the checkpoint throws, and nothing before it has", async () => {
    const reached: number[] = [];
    const main = async (): Promise<void> => {
      let passed = 0;
      try {
        for (; passed < 3; passed++) await new Lock().use(() => {});
      } finally {
        reached.push(passed);
      }
    };
    const { checkpoints } = await cancelEverywhere(main);
    expect(checkpoints).toBe(3);
    expect(reached.slice(0, 4)).toEqual([3, 0, 1, 2]);
  });

  test("cancels a wait that is parked, and one that is over but has not resumed", async () => {
    const outcomes: string[] = [];
    const main = async (): Promise<void> => {
      const outcome = sleep(1).then(
        () => "slept",
        () => "cancelled",
      );
      outcomes.push(await outcome);
    };
    const { moments } = await cancelEverywhere(main);
    expect(moments).toBe(3); // to start, to sleep, to resume
    // As it is; at the checkpoint; before the start; while it sleeps; when it is to resume. [K2]
    expect(outcomes).toEqual(["slept", "cancelled", "cancelled", "cancelled", "slept"]);
  });

  test("finds a lease that a cancellation leaves behind, and says where", async () => {
    const failure = await failureOf(cancelEverywhere(careless, { setup }));
    expect(failure.cause).toEqual(new Error("lock is still locked"));
    const [headline, , advice] = failure.message.split("\n");
    expect(headline).toMatch(
      /^main cancelled at checkpoint 2, sleep in task ann, called by visit \(\/.*cancel-everywhere\.test\.ts:\d+:\d+\): lock is still locked:$/,
    );
    expect(advice).toBe("Replay it with cancelEverywhere(main, { …, only: { checkpoint: 2 } }).");
    expect(failure.steps).toContainEqual(expect.stringMatching(/^cancel main at checkpoint 2, /));
  });

  test("tries a single place again", async () => {
    const only = { checkpoint: 2 };
    const failure = await failureOf(cancelEverywhere(careless, { setup, only }));
    expect(failure.cause).toEqual(new Error("lock is still locked"));
    expect(await cancelEverywhere(careless, { setup, only: { checkpoint: 1 } })).toMatchObject({
      runs: 2,
    });
    await cancelEverywhere(careless, { setup, only: { moment: 1 } });
  });

  test.each([
    ["a lock", () => ({ it: new Lock() }), "it is still locked"],
    ["a condition", () => ({ it: new Condition() }), "it is still locked"],
    ["a limiter", () => ({ it: new CapacityLimiter(3) }), "1 token(s) of it are still borrowed"],
    ["a semaphore", () => ({ it: new Semaphore(3) }), "it has 2 of its 3 permits"],
  ] as const)("knows the leases of %s that setup() made", async (_, make, message) => {
    const main = async ({ it }: ReturnType<typeof make>): Promise<void> => {
      const lease = await it.acquire();
      await checkpoint();
      lease.release();
    };
    const failure = await failureOf(
      cancelEverywhere<ReturnType<typeof make>>(main, { setup: make }),
    );
    expect(failure.cause).toEqual(new Error(message));
  });

  test("knows a lease of a state that is the primitive itself", async () => {
    const main = async (lock: Lock): Promise<void> => {
      const lease = await lock.acquire();
      await checkpoint();
      lease.release();
    };
    const failure = await failureOf(cancelEverywhere(main, { setup: () => new Lock() }));
    expect(failure.cause).toEqual(new Error("the state is still locked"));
  });

  test("asks check() what is wrong, in a run of its own", async () => {
    const main = async ({ items }: { items: string[] }): Promise<void> => {
      const taken = items.splice(0);
      await checkpoint();
      items.push(...taken);
    };
    const check = async ({ items }: { items: string[] }): Promise<void> => {
      await sleep(1_000);
      expect(items).toEqual(["ring"]);
    };
    const failure = await failureOf(
      cancelEverywhere(main, { setup: () => ({ items: ["ring"] }), check }),
    );
    expect(failure.message).toContain("at checkpoint 1, ");
    expect(failure.message).toContain("check() finds fault with what it leaves behind");
  });

  test("finds a program that hangs when it is cancelled", async () => {
    const main = async ({ done }: { done: Event }): Promise<void> => {
      try {
        await checkpoint();
        done.set();
      } finally {
        await shield(() => done.wait());
      }
    };
    const failure = await failureOf(
      cancelEverywhere(main, { setup: () => ({ done: new Event() }) }),
    );
    expect(failure.message).toContain("DeadlockError");
  });

  test("finds a cancellation that is turned into another error", async () => {
    const main = async (): Promise<void> => {
      await checkpoint().catch(() => {
        throw new Error("translated");
      });
    };
    const failure = await failureOf(cancelEverywhere(main));
    expect(failure.cause).toEqual(new Error("translated"));
    const expected = (error: unknown): boolean => String(error) === "Error: translated";
    await cancelEverywhere(main, { expected });
  });

  test("takes a swallowed cancellation for what the program wants", async () => {
    const main = async (): Promise<string> => {
      await checkpoint().catch(() => {});
      return "value";
    };
    await cancelEverywhere(main);
  });

  test("says where a program is wrong without any cancellation", async () => {
    const boom = new Error("boom");
    const failure = await failureOf(cancelEverywhere(() => Promise.reject(boom)));
    expect(failure.cause).toBe(boom);
    expect(failure.message).toContain("main without any cancellation");
  });

  test("says so where a program takes another way each time", async () => {
    let runs = 0;
    const main = async (): Promise<void> => {
      if (runs++ === 0) await checkpoint();
    };
    const failure = await failureOf(cancelEverywhere(main));
    expect(failure.message).toContain("main cancelled { checkpoint: 1 }: it does not come there");
  });

  test("tries the places of a seeded order as well", async () => {
    const orders = new Set<string>();
    const check = ({ log }: Bank): void => void orders.add(log.join());
    for (let seed = 1; seed <= 10; seed++) await cancelEverywhere(careful, { setup, check, seed });
    expect([...orders].toSorted()).toEqual(["", "ann", "ann,ben", "ben", "ben,ann"]);
  });
});

describe("cancelEverywhere() with one task as the target", () => {
  const target = "task";

  test("cancels only the task that comes to the checkpoint", async () => {
    const ends: string[] = [];
    const check = ({ log }: Bank): void => void ends.push(log.join());
    const { checkpoints, runs } = await cancelEverywhere(careful, { setup, check, target });
    expect(runs).toBe(1 + checkpoints);
    // A task has written before its last checkpoint, and not before the others.
    expect(ends.toSorted()).toEqual(["ann", "ann", "ann,ben", "ann,ben", "ann,ben", "ben", "ben"]);
  });

  test("lets come out what others make of it", async () => {
    const main = (): Promise<unknown> =>
      taskGroup(async (tg) => {
        const worker = tg.startSoon(() => checkpoint());
        await worker.result();
      });
    await cancelEverywhere(main, { target });
  });

  test("finds a partner that hangs", async () => {
    const main = ([send, receive]: ReturnType<typeof memoryStream<number>>): Promise<unknown> =>
      taskGroup((tg) => {
        tg.startSoon(() => send.send(1), { name: "sender" });
        tg.startSoon(() => receive.receive(), { name: "receiver" });
      });
    const options = { setup: () => memoryStream<number>(), target } as const;
    const failure = await failureOf(cancelEverywhere(main, options));
    expect(failure.message).toContain('task "receiver" waits for an item of a memory stream');
  });

  test("takes an error of a task for no cancellation", async () => {
    const main = (): Promise<unknown> =>
      taskGroup((tg) => {
        tg.startSoon(async () => {
          await checkpoint().catch((error: unknown) => {
            if (isCancelled(error)) throw new Error("translated");
          });
        });
      });
    const failure = await failureOf(cancelEverywhere(main, { target }));
    expect(failure.message).toContain("translated");
  });
});
