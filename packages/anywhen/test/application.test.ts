import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Application, backendModule } from "./application.ts";

const workspace = fileURLToPath(new URL("../../..", import.meta.url));
const dependency = fileURLToPath(new URL("../node_modules", import.meta.url));

/** An application that has installed `anywhen` and nothing else. */
function applicationWithAnywhen(): Application {
  return new Application()
    .installCopy("@anywhen/core", `${workspace}/packages/core`)
    .installCopy("@anywhen/promise", `${workspace}/backends/promise`)
    .installCopy("anywhen", `${workspace}/packages/anywhen`)
    .installCopy("import-meta-resolve", `${dependency}/import-meta-resolve`)
    .write(
      "src/main.mjs",
      `import { currentBackend, run } from "anywhen";
     try {
       process.stdout.write(await run(() => currentBackend().name, { backend: process.argv[2] }));
     } catch (error) {
       process.stdout.write(error.code + " " + error.message);
     }`,
    );
}

function outputOf(script: string, argument: string, cwd: string): Promise<string> {
  const tsx = import.meta.resolve("tsx");
  const child = spawn(
    process.execPath,
    ["--import", tsx, "--conditions=@anywhen/source", script, argument],
    { cwd, timeout: 20_000, env: { PATH: process.env["PATH"] } },
  );
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (part: Buffer) => (text += part.toString()));
    child.stderr.on("data", (part: Buffer) => (text += part.toString()));
    child.on("error", reject);
    child.on("close", () => resolve(text));
  });
}

describe("an application that has installed anywhen only", { timeout: 60_000 }, () => {
  test.each([
    { name: "effect", hint: "npm install @anywhen/effect effect" },
    { name: "rxjs", hint: "npm install @anywhen/rxjs rxjs" },
  ])("is told how to install $name", async ({ name, hint }) => {
    using app = applicationWithAnywhen();
    const output = await outputOf(app.path("src/main.mjs"), name, app.folder);
    expect(output).toBe(
      `ERR_BACKEND_NOT_FOUND backend "${name}" is not installed. Install it in the application: ${hint}`,
    );
  });

  test("has the promise backend", async () => {
    using app = applicationWithAnywhen();
    expect(await outputOf(app.path("src/main.mjs"), "promise", app.folder)).toBe("promise");
  });

  test("finds its own packages from its main script, wherever it was started", async () => {
    using app = applicationWithAnywhen();
    using elsewhere = new Application();
    app.install("@acme/own", backendModule("acme"));
    expect(await outputOf(app.path("src/main.mjs"), "@acme/own", elsewhere.folder)).toBe("acme");
  });
});
