import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  configure,
  currentBackend,
  currentTask,
  gather,
  moveOnAfter,
  now,
  run,
  sleep,
  taskGroup,
} from "anywhen";
import { Clock, Effect, Fiber } from "effect";
import { afterEach, expect, test } from "vitest";
import { advance, backend, effectBackend, toEffect } from "../src/index.ts";
import { onTestClock } from "./test-clock.ts";

afterEach(() => configure({}));

/** This package as a module to be loaded: a name such as "effect" leads to what was built of it. */
const module = new URL("../src/index.ts", import.meta.url).href;

/** Knows of no backend. */
async function program(): Promise<{ backend: string; values: unknown[] }> {
  const values = await gather(
    () => sleep(2).then(() => "slept"),
    () => moveOnAfter(1, () => sleep(1_000)),
    async () => {
      const names: string[] = [];
      await taskGroup(async (tg) => {
        for (const name of ["a", "b"]) {
          tg.startSoon(async () => void names.push(currentTask().name), { name });
        }
      });
      return names.join();
    },
  );
  return { backend: currentBackend().name, values };
}

const values = ["slept", undefined, "a,b"];

test("the same program runs by run({ backend }), loaded and as an object", async () => {
  expect(await run(program)).toEqual({ backend: "promise", values });
  expect(await run(program, { backend: module })).toEqual({ backend: "effect", values });
  expect(await run(program, { backend: effectBackend() })).toEqual({ backend: "effect", values });
});

test("the same program runs by configure()", async () => {
  await configure({ backend: module });
  expect(await run(program)).toEqual({ backend: "effect", values });
  expect(currentBackend().name).toBe("effect");
});

/** A folder in which "@anywhen/effect" is installed. */
function application(): string {
  const folder = mkdtempSync(join(tmpdir(), "anywhen-effect-"));
  const installed = join(folder, "node_modules", "@anywhen", "effect");
  mkdirSync(installed, { recursive: true });
  writeFileSync(
    join(installed, "package.json"),
    JSON.stringify({ type: "module", exports: "./index.ts" }),
  );
  writeFileSync(
    join(installed, "index.ts"),
    `export { backend } from ${JSON.stringify(module)};\n`,
  );
  return folder;
}

test("the same program runs by ANYWHEN_BACKEND=effect", () => {
  const cwd = application();
  const program = fileURLToPath(new URL("programs/which-backend.ts", import.meta.url));
  const child = spawnSync(
    process.execPath,
    ["--conditions=@anywhen/source", `--import=${import.meta.resolve("tsx")}`, program],
    { cwd, encoding: "utf8", env: { ...process.env, ANYWHEN_BACKEND: "effect" } },
  );
  rmSync(cwd, { recursive: true });
  expect(child.stdout.trim(), child.stderr).toBe("effect");
}, 30_000);

test("the backend found by name is the one that bridges on the live clock use", async () => {
  const bridged = await Effect.runPromise(toEffect(async () => currentBackend()));
  expect(backend()).toBe(bridged);
});

test("B2 runs on different backends at the same time do not disturb each other", async () => {
  const log: string[] = [];
  const ticking = async (): Promise<void> => {
    for (let tick = 1; tick <= 3; tick++) {
      await sleep(10);
      log.push(
        `${currentBackend().name}${currentBackend().capabilities.virtualTime ? " (test clock)" : ""}`,
      );
    }
  };
  await onTestClock(
    Effect.gen(function* () {
      const start = performance.now();
      const others = Promise.all([
        run(ticking),
        run(ticking, { backend: module }),
        run(() => taskGroup(async (tg) => void tg.startSoon(() => run(ticking)))),
      ]);
      const fiber = yield* Effect.forkChild(toEffect(ticking));
      yield* advance("1 minute");
      yield* Fiber.join(fiber);
      expect(yield* Clock.currentTimeMillis).toBe(60_000);
      expect(log.filter((line) => line.includes("test clock"))).toHaveLength(3);
      yield* Effect.promise(() => others);
      expect(performance.now() - start).toBeGreaterThanOrEqual(29);
    }),
  );
  expect(log.toSorted()).toEqual([
    ...Array(3).fill("effect"),
    ...Array(3).fill("effect (test clock)"),
    ...Array(6).fill("promise"),
  ]);
});

test("B2 a run inside an effect may be on another backend, and is cancelled with the task around it", async () => {
  const log: string[] = [];
  await run(
    () =>
      moveOnAfter(5, () =>
        run(async () => {
          log.push(currentBackend().name);
          try {
            await sleep(1_000);
          } finally {
            log.push("unwound");
          }
        }),
      ),
    { backend: module },
  );
  expect(log).toEqual(["promise", "unwound"]);
});

test("time is each backend's own", async () => {
  const times = await onTestClock(
    Effect.gen(function* () {
      yield* advance(5);
      const virtual = yield* toEffect(async () => now());
      const live = yield* Effect.promise(() => run(async () => now()));
      return [virtual, live > 5];
    }),
  );
  expect(times).toEqual([5, true]);
});
