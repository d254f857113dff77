import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { configure, currentBackend, moveOnAfter, now, run, sleep, taskGroup } from "anywhen";
import { promiseBackend } from "@anywhen/promise";
import { VirtualTimeScheduler } from "rxjs";
import { afterEach, describe, expect, test } from "vitest";
import { backend, rxjsBackend } from "../src/index.ts";

afterEach(() => configure({}));

/** A program that knows of no backend. */
async function program(): Promise<readonly [unknown, string[]]> {
  const log: string[] = [];
  const value = await taskGroup(async (tg) => {
    tg.startSoon(() => sleep(20).then(() => log.push("slow")));
    tg.startSoon(() => sleep(5).then(() => log.push("quick")));
    return moveOnAfter(40, () => sleep(1_000));
  });
  return [value, log];
}

const expected = [undefined, ["quick", "slow"]] as const;

describe("the same program gives the same", () => {
  test("by run({ backend })", async () => {
    expect(await run(program, { backend: promiseBackend() })).toEqual(expected);
    expect(await run(program, { backend })).toEqual(expected);
    const virtual = rxjsBackend({ scheduler: new VirtualTimeScheduler() });
    expect(await run(program, { backend: virtual })).toEqual(expected);
  });

  test("by configure()", async () => {
    await configure({ backend });
    expect(await run(async () => [currentBackend(), await program()])).toEqual([backend, expected]);
  });

  test.each([
    ["by its name", "by-name.ts", {}],
    ["by ANYWHEN_BACKEND", "by-environment.ts", { ANYWHEN_BACKEND: "rxjs" }],
  ])(
    "%s, in an application that has the package",
    (_how, file, environment) => {
      const application = applicationWithPackage();
      try {
        const { stdout, stderr } = spawnSync(
          process.execPath,
          [...viaSource, fileURLToPath(new URL(`programs/${file}`, import.meta.url))],
          { cwd: application, encoding: "utf8", env: { ...process.env, ...environment } },
        );
        expect(stderr).toBe("");
        expect(stdout).toBe("rxjs true\n");
      } finally {
        rmSync(application, { recursive: true });
      }
    },
    30_000,
  );
});

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const viaSource = ["--import", tsx, "--conditions=@anywhen/source"];

/** A folder where `@anywhen/rxjs` is installed. It leads to the sources, so that no build is needed. */
function applicationWithPackage(): string {
  const application = mkdtempSync(join(tmpdir(), "anywhen-rxjs-"));
  const installed = join(application, "node_modules", "@anywhen", "rxjs");
  mkdirSync(installed, { recursive: true });
  const manifest = { name: "@anywhen/rxjs", type: "module", exports: "./index.js" };
  writeFileSync(join(installed, "package.json"), JSON.stringify(manifest));
  const sources = new URL("../src/index.ts", import.meta.url).href;
  writeFileSync(join(installed, "index.js"), `export * from ${JSON.stringify(sources)};\n`);
  return application;
}

test("B2 runs on different backends at the same time do not disturb each other", async () => {
  const scheduler = new VirtualTimeScheduler();
  const results = await Promise.all([
    run(program, { backend: promiseBackend() }),
    run(program, { backend }),
    run(program, { backend: rxjsBackend({ scheduler }) }),
    run(() => sleep(3_600_000).then(now), {
      backend: rxjsBackend({ scheduler: new VirtualTimeScheduler() }),
    }),
  ]);
  expect(results).toEqual([expected, expected, expected, 3_600_000]);
  expect(scheduler.now()).toBe(40);
});

test("B2 a virtual run inside a live one, and the other way round, each keep their time", async () => {
  const virtual = rxjsBackend({ scheduler: new VirtualTimeScheduler() });
  const inner = await run(() => run(() => sleep(3_600_000).then(now), { backend: virtual }), {
    backend,
  });
  expect(inner).toBe(3_600_000);
  const other = rxjsBackend({ scheduler: new VirtualTimeScheduler() });
  const log: string[] = [];
  await run(
    () =>
      taskGroup((tg) => {
        tg.startSoon(() => sleep(1_000).then(() => log.push("virtual second")));
        tg.startSoon(async () => {
          await run(() => sleep(2), { backend });
          log.push(`live run at ${now()}`);
        });
      }),
    { backend: other },
  );
  expect(log).toEqual(["live run at 0", "virtual second"]);
});
