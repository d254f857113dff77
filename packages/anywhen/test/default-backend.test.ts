import * as core from "@anywhen/core";
import * as anywhen from "anywhen";
import { configure, currentBackend, now, run, sleep, taskGroup } from "anywhen";
import { afterEach, describe, expect, test } from "vitest";
import { Application, backendModule } from "./application.ts";

const forAuthorsOnly = [
  "checkpointCount",
  "currentHost",
  "describeTasks",
  "eventLoop",
  "findBackend",
  "installBackends",
  "missingFromBackend",
  "outside",
  "runFrom",
  "withVirtualClock",
];

describe('importing "anywhen"', () => {
  test("installs the promise backend as the default", async () => {
    expect(currentBackend().name).toBe("promise");
    expect(await run(() => currentBackend().name)).toBe("promise");
    expect(await run(() => currentBackend().name, { backend: "promise" })).toBe("promise");
  });

  test("gives all runs one backend, so one clock and one queue of timers", async () => {
    expect(await run(() => currentBackend())).toBe(currentBackend());
    expect(await run(() => currentBackend(), { backend: "promise" })).toBe(currentBackend());
  });

  test("C24: makes code outside every run work", async () => {
    const before = now();
    await taskGroup((tg) => {
      tg.startSoon(() => sleep(1));
    });
    expect(now()).toBeGreaterThanOrEqual(before + 1);
  });

  test("gives everything of the core but what only authors of backends and of test tools need", () => {
    const expected = Object.keys(core).filter((name) => !forAuthorsOnly.includes(name));
    expect(Object.keys(anywhen).toSorted()).toEqual(expected.toSorted());
  });

  test("gives the very same things as the core", () => {
    for (const [name, value] of Object.entries(anywhen)) {
      expect(value, name).toBe((core as Record<string, unknown>)[name]);
    }
  });

  test("gives these names", () => {
    expect(Object.keys(anywhen).toSorted().join("\n")).toMatchSnapshot();
  });

  test("a second installation changes nothing", () => {
    const before = currentBackend();
    core.installBackends({ ...before, name: "late" }, () => Promise.resolve(before));
    expect(currentBackend()).toBe(before);
  });
});

describe("configure()", () => {
  const original = process.env["ANYWHEN_BACKEND"];

  afterEach(async () => {
    if (original === undefined) delete process.env["ANYWHEN_BACKEND"];
    else process.env["ANYWHEN_BACKEND"] = original;
    await configure({});
  });

  const named = (name: string): anywhen.Backend => ({ ...currentBackend(), name });

  test("sets the default of runs and of code outside them, and without a backend restores it", async () => {
    const builtIn = currentBackend();
    const own = named("own");
    await configure({ backend: own });
    expect(currentBackend()).toBe(own);
    expect(await run(() => currentBackend())).toBe(own);
    await configure({});
    expect(currentBackend()).toBe(builtIn);
  });

  test("takes a name, which it loads", async () => {
    using app = new Application();
    app.write("configured.js", backendModule("configured"));
    await configure({ backend: app.path("configured.js") });
    expect(currentBackend().name).toBe("configured");
    expect(await taskGroup(() => currentBackend().name)).toBe("configured");
  });

  test("leaves the default as it was when there is no such backend", async () => {
    const own = named("own");
    await configure({ backend: own });
    await expect(configure({ backend: "nosuch" })).rejects.toMatchObject({
      code: "ERR_BACKEND_NOT_FOUND",
    });
    expect(currentBackend()).toBe(own);
  });

  test("does not change the backend of a run that is under way", async () => {
    const own = named("own");
    await run(async () => {
      const before = currentBackend();
      await configure({ backend: own });
      expect(currentBackend()).toBe(before);
      await sleep(0);
      expect(currentBackend()).toBe(before);
    });
    expect(currentBackend()).toBe(own);
  });

  test("comes before ANYWHEN_BACKEND, and run({ backend }) before both", async () => {
    using app = new Application();
    app.write("from-environment.js", backendModule("from the environment"));
    const builtIn = currentBackend();
    process.env["ANYWHEN_BACKEND"] = app.path("from-environment.js");
    expect(await run(() => currentBackend().name)).toBe("from the environment");
    await configure({ backend: named("configured") });
    expect(await run(() => currentBackend().name)).toBe("configured");
    expect(await run(() => currentBackend(), { backend: builtIn })).toBe(builtIn);
  });
});
