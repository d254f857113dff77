// Builds the packages and the benchmarks, then runs one of their programs (main, check) with the rest
// of the arguments. What building says goes to stderr: stdout belongs to the program.
import { spawnSync } from "node:child_process";

const [program, ...args] = process.argv.slice(2);

const run = (command, stdout) => {
  const { status } = spawnSync(command[0], command.slice(1), {
    stdio: ["ignore", stdout, "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
};

run(["npx", "-y", "pnpm@12.21.0", "run", "build"], process.stderr);
run(
  [process.execPath, "node_modules/typescript/bin/tsc", "-p", "benchmarks/tsconfig.json"],
  process.stderr,
);
run([process.execPath, `benchmarks/dist/${program}.js`, ...args], "inherit");
