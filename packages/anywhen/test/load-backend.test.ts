import { pathToFileURL } from "node:url";
import { type Backend, BackendNotFoundError, currentBackend, run } from "anywhen";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadBackend } from "../src/load-backend.ts";
import { Application, backendModule } from "./application.ts";

const home = process.cwd();
let app: Application;

beforeEach(() => {
  app = new Application();
  process.chdir(app.folder);
});

afterEach(() => {
  process.chdir(home);
  app[Symbol.dispose]();
});

async function refusalOf(name: string): Promise<BackendNotFoundError> {
  const error: unknown = await loadBackend(name).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(BackendNotFoundError);
  return error as BackendNotFoundError;
}

async function nameOf(spec: string): Promise<string> {
  return (await loadBackend(spec)).name;
}

describe("a backend is found", () => {
  test("by a path that counts from the working directory", async () => {
    app.write("deep/own.js", backendModule("own"));
    expect(await nameOf("./deep/own.js")).toBe("own");
  });

  test("by an absolute path", async () => {
    app.write("absolute.js", backendModule("absolute"));
    expect(await nameOf(app.path("absolute.js"))).toBe("absolute");
  });

  test("by a URL", async () => {
    app.write("addressed.js", backendModule("addressed"));
    expect(await nameOf(pathToFileURL(app.path("addressed.js")).href)).toBe("addressed");
  });

  test("by the name of a package of the application", async () => {
    app.install("@acme/my-backend", backendModule("acme"));
    expect(await nameOf("@acme/my-backend")).toBe("acme");
  });

  test("by the name of a package of a folder above the working directory", async () => {
    app.install("from-above", backendModule("above")).write("a/b/file.txt", "");
    process.chdir(app.path("a/b"));
    expect(await nameOf("from-above")).toBe("above");
  });

  test("by a short name, in the packages of ours first", async () => {
    app.install("shorty", backendModule("somebody else's"));
    app.install("@anywhen/shorty", backendModule("ours"));
    expect(await nameOf("shorty")).toBe("ours");
  });

  test("by a short name, elsewhere if it is none of ours", async () => {
    app.install("plain", backendModule("plain"));
    expect(await nameOf("plain")).toBe("plain");
  });

  test("by a short name of ours, never in the library of that name", async () => {
    app.install("@anywhen/effect", backendModule("effect"));
    app.install("effect", "export const Effect = {};");
    expect(await nameOf("effect")).toBe("effect");
  });
});

describe("a module offers its backend", () => {
  test.each([
    { how: "as `backend`", offer: (made: string) => `export const backend = ${made};` },
    { how: "as its default", offer: (made: string) => `export default ${made};` },
    {
      how: "as a function that makes one",
      offer: (made: string) => `export const backend = () => ${made};`,
    },
    {
      how: "as a function that makes one in its own time",
      offer: (made: string) => `export default async () => ${made};`,
    },
  ])("$how", async ({ how, offer }) => {
    app.write("offer.js", backendModule(how, offer));
    expect(await nameOf("./offer.js")).toBe(how);
  });

  test("as `backend` rather than as its default, if it has both", async () => {
    app.write("both.js", `${backendModule("named")}\nexport default {};`);
    expect(await nameOf("./both.js")).toBe("named");
  });
});

describe("a BackendNotFoundError says what to do", () => {
  test("when there is no such name", async () => {
    const { code, message } = await refusalOf("nosuch");
    expect(code).toBe("ERR_BACKEND_NOT_FOUND");
    expect(message).toMatch(/"nosuch".*"promise".*"effect".*"rxjs".*npm install nosuch/);
  });

  test("when there is no such package", async () => {
    expect((await refusalOf("@acme/nosuch")).message).toMatch(/npm install @acme\/nosuch/);
  });

  test.each(["./nosuch.js", "../nosuch.js", "/nosuch/at/all.js", "file:///nosuch.js"])(
    "when there is no file %s",
    async (path) => {
      const { message } = await refusalOf(path);
      expect(message).toContain(JSON.stringify(path));
      expect(message).toContain(process.cwd());
      expect(message).not.toContain("npm install");
    },
  );

  test("when the module fails to load, and keeps the cause", async () => {
    app.write("broken.js", 'throw new RangeError("out of order");');
    const { message, cause } = await refusalOf("./broken.js");
    expect(message).toMatch(/"\.\/broken\.js" could not be loaded: out of order/);
    expect(cause).toMatchObject({ name: "RangeError", message: "out of order" });
  });

  test("when the module throws what is no error", async () => {
    app.write("odd.js", 'throw "nothing";');
    const { message, cause } = await refusalOf("./odd.js");
    expect(message).toMatch(/could not be loaded: nothing/);
    expect(cause).toBe("nothing");
  });

  test("when something that the module needs is missing", async () => {
    app.write("needy.js", 'import "./not-there.js"; export const backend = {};');
    const { message, cause } = await refusalOf("./needy.js");
    expect(message).toMatch(/could not be loaded: .*not-there/);
    expect(cause).toBeInstanceOf(Error);
  });

  test("when the module is no backend, and what it exports instead", async () => {
    app.write("other.js", "export const one = 1; export const two = 2;");
    const { message } = await refusalOf("./other.js");
    expect(message).toMatch(/"\.\/other\.js" is no backend.*export `backend`.*exports one, two/);
  });

  test("when the module exports nothing", async () => {
    app.write("empty.js", "");
    expect((await refusalOf("./empty.js")).message).toMatch(/exports nothing/);
  });

  test.each([
    {
      what: "an object that lacks members",
      text: 'export const backend = { name: "half", now() {} };',
    },
    {
      what: "a function that makes such an object",
      text: 'export default () => ({ name: "half", now() {} });',
    },
  ])("when the backend is $what", async ({ text }) => {
    app.write("half.js", text);
    expect((await refusalOf("./half.js")).message).toMatch(
      /"\.\/half\.js" is incomplete: it lacks capabilities, setTimer\(\), reschedule\(\), spawn\(\), run\(\)/,
    );
  });

  test.each(["5", "() => null", "async () => {}"])("when the backend is %s", async (value) => {
    app.write("none.js", `export const backend = ${value};`);
    expect((await refusalOf("./none.js")).message).toMatch(/incomplete: it lacks everything/);
  });

  test("when the function that makes the backend throws, and keeps the cause", async () => {
    app.write("moody.js", 'export const backend = () => { throw new Error("not today"); };');
    const { message, cause } = await refusalOf("./moody.js");
    expect(message).toMatch(/"\.\/moody\.js".*not today/);
    expect(cause).toMatchObject({ message: "not today" });
  });
});

describe("run({ backend }) by name", () => {
  test("runs on it, and loads it once for all runs", async () => {
    app.write(
      "once.js",
      `globalThis.timesLoaded = (globalThis.timesLoaded ?? 0) + 1;
       ${backendModule(
         "once",
         (made) => `export const backend = () => {
           globalThis.timesMade = (globalThis.timesMade ?? 0) + 1;
           return ${made};
         };`,
       )}`,
    );
    const backends = await Promise.all(
      [1, 2, 3].map(() => run(() => currentBackend(), { backend: "./once.js" })),
    );
    expect(new Set<Backend>(backends).size).toBe(1);
    expect(globalThis).toMatchObject({ timesLoaded: 1, timesMade: 1 });
  });

  test("tries again when it could not be found the first time", async () => {
    await expect(run(() => 1, { backend: "./later.js" })).rejects.toThrow(BackendNotFoundError);
    app.write("later.js", backendModule("later"));
    expect(await run(() => currentBackend().name, { backend: "./later.js" })).toBe("later");
  });

  test("never calls main when there is no such backend", async () => {
    let called = false;
    const main = (): void => {
      called = true;
    };
    await expect(run(main, { backend: "nosuch" })).rejects.toThrow(BackendNotFoundError);
    expect(called).toBe(false);
  });
});
