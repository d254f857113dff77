import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { baseline, type Contender, peer, Reading, type Row, subject } from "../row.ts";
import { currentKind, type RuntimeKind } from "../runtime.ts";

const execute = promisify(execFile);
const here = fileURLToPath(new URL("../..", import.meta.url));

const evaluate: Readonly<Record<RuntimeKind, readonly string[]>> = {
  node: ["--input-type=module", "--eval"],
  bun: ["--eval"],
  deno: ["eval"],
};

/** Milliseconds to import some packages, each time in a new process that takes the time itself. */
function importing(...packages: readonly string[]): Contender["run"] {
  const imports = packages.map((name) => `await import(${JSON.stringify(name)});`).join("");
  const code = `const start = performance.now();${imports}console.log(performance.now() - start);`;
  return async (count) => {
    let total = 0;
    for (let index = 0; index < count; index++) {
      const args = [...evaluate[currentKind], code];
      const { stdout } = await execute(process.execPath, args, { cwd: here });
      total += Number(stdout);
    }
    return new Reading(total / count);
  };
}

const [small] = baseline(
  "p-limit, p-map, p-timeout, async-mutex, async-channel",
  importing("p-limit", "p-map", "p-timeout", "async-mutex", "async-channel"),
);

export const row: Row = {
  name: "import-time",
  operation: "importing the package in a process that has imported nothing before",
  unit: "ms",
  operations: 3,
  requires: ["built packages"],
  counted: false,
  contenders: [
    subject("anywhen", importing("anywhen")),
    small as Contender,
    peer("effect", importing("effect")),
    peer("effection", importing("effection")),
    peer("rxjs", importing("rxjs")),
  ],
};
