import {
  BackendNotFoundError,
  configure,
  currentBackend,
  failAfter,
  now,
  run,
  sleep,
  sleepForever,
  TimeoutError,
  UsageError,
} from "anywhen";
import { rxjsBackend } from "@anywhen/rxjs";
import { VirtualTimeScheduler } from "rxjs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { virtual, withVirtualTime } from "../../src/index.ts";

const hour = 3_600_000;
afterEach(() => configure({}));

describe.each(["promise", "effect", "rxjs"])("virtual() on %s", (name) => {
  test("lets an hour pass at once, on that backend", async () => {
    const backend = virtual({ backend: name });
    const seen = await run(
      async () => {
        await sleep(hour);
        return `${currentBackend().name} at ${now()}`;
      },
      { backend },
    );
    expect(seen).toBe(`${name} at ${hour}`);
    expect(backend.clock.now).toBe(hour);
  });

  test("carries several runs after one another on one clock", async () => {
    const backend = virtual({ backend: name, start: 5 });
    const woken = [];
    for (let count = 0; count < 3; count++)
      woken.push(await run(() => sleep(10).then(now), { backend }));
    expect(woken).toEqual([15, 25, 35]);
  });

  test("makes timeouts testable, with a fetch that is slow in real time only", async () => {
    const slow = new Promise((resolve) => setTimeout(resolve, 5, "answer"));
    const answer = await run(() => failAfter(1, () => slow), {
      backend: virtual({ backend: name }),
    });
    expect(answer).toBe("answer");
    const late = run(() => failAfter(hour, () => sleep(2 * hour)), {
      backend: virtual({ backend: name }),
    });
    await expect(late).rejects.toBeInstanceOf(TimeoutError);
  });

  test("D1 fails a run that can make no progress at once", async () => {
    const failing = run(() => sleepForever(), { backend: virtual({ backend: name }) });
    await expect(failing).rejects.toMatchObject({ code: "ERR_DEADLOCK" });
  });
});

test("virtual() takes the backend that run() would take", async () => {
  await configure({ backend: "rxjs" });
  expect(virtual().name).toBe("rxjs");
});

test("virtual() leaves a backend that is not there to run() to tell", async () => {
  const backend = virtual({ backend: "no-such" });
  await expect(run(sleepForever, { backend })).rejects.toBeInstanceOf(BackendNotFoundError);
});

test("virtual() cannot be used outside runs before its backend has been loaded", async () => {
  const backend = virtual({ backend: "effect" });
  expect(() => backend.reschedule(() => {}, undefined)).toThrow(UsageError);
  await run(() => {}, { backend });
  await new Promise<void>((resolve) => backend.reschedule(resolve, undefined));
});

test("virtual() refuses a backend whose time is virtual already", () => {
  const backend = rxjsBackend({ scheduler: new VirtualTimeScheduler() });
  expect(() => virtual({ backend })).toThrow("has a virtual clock already");
  expect(() => virtual({ backend: virtual() })).toThrow(UsageError);
});

describe("withVirtualTime()", () => {
  test("runs the function in virtual time and hands it the clock", async () => {
    const seen = await withVirtualTime(
      async (clock) => {
        await sleep(hour);
        return [clock.now, now(), currentBackend().name];
      },
      { backend: "rxjs", start: 1 },
    );
    expect(seen).toEqual([hour + 1, hour + 1, "rxjs"]);
  });

  test("keeps the function's name, and takes the options of run()", async () => {
    async function nightly(): Promise<void> {
      await sleepForever();
    }
    await expect(withVirtualTime(nightly)).rejects.toThrow('run "nightly" can make no progress');
    const signal = AbortSignal.abort("enough");
    await expect(withVirtualTime(nightly, { signal })).rejects.toMatchObject({ reason: "enough" });
  });

  test("refuses what is no function, and options that make no sense", async () => {
    await expect(withVirtualTime("main" as never)).rejects.toThrow(TypeError);
    await expect(withVirtualTime(() => {}, { rate: -1 })).rejects.toThrow("got -1");
  });

  test("works while the timers of the test runner are faked", async () => {
    vi.useFakeTimers();
    try {
      await withVirtualTime(() => sleep(hour));
    } finally {
      vi.useRealTimers();
    }
  });
});
