// Runs the conformance suite many times in a row on each backend and lists every case that did not
// pass each time, the time a run took and the slowest cases. Needs a build.
//   node scripts/soak-conformance.mjs [--times 50] [--busy 2] [--backend promise]...
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { runConformance } from "@anywhen/conformance";
import { effectBackend } from "@anywhen/effect";
import { promiseBackend } from "@anywhen/promise";
import { rxjsBackend } from "@anywhen/rxjs";

const backends = { promise: promiseBackend, effect: effectBackend, rxjs: rxjsBackend };

const { values } = parseArgs({
  options: {
    times: { type: "string", default: "50" },
    busy: { type: "string", default: "0" },
    backend: { type: "string", multiple: true, default: Object.keys(backends) },
  },
});
const times = Number(values.times);
const busy = Array.from({ length: Number(values.busy) }, () =>
  spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
);
// A run that is stopped must not leave the load behind.
process.on("exit", () => busy.forEach((child) => child.kill()));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

let unsteady = 0;
for (const name of values.backend) {
  const seconds = [];
  const slowest = new Map();
  const failures = new Map();
  for (let round = 0; round < times; round++) {
    const start = performance.now();
    let last = start;
    const onResult = ({ case: { id }, status, message }) => {
      const time = performance.now();
      slowest.set(id, Math.max(slowest.get(id) ?? 0, time - last));
      last = time;
      if (status === "pass" || status === "skip") return;
      failures.set(id, [...(failures.get(id) ?? []), `round ${round + 1}: ${message}`]);
    };
    await runConformance({ name, create: () => backends[name]() }, { onResult });
    seconds.push((performance.now() - start) / 1_000);
  }
  seconds.sort((left, right) => left - right);
  const [least, median, most] = [0, seconds.length >> 1, seconds.length - 1].map((index) =>
    seconds[index].toFixed(1),
  );
  console.log(
    `${name}: ${times} runs, ${median} s each (${least} to ${most}), busy ${busy.length}`,
  );
  const ranked = [...slowest].sort(([, left], [, right]) => right - left).slice(0, 8);
  console.log(`  slowest: ${ranked.map(([id, ms]) => `${id} ${Math.round(ms)} ms`).join(", ")}`);
  for (const [id, messages] of failures) {
    console.log(`  ${id} failed ${messages.length} of ${times} times`);
    for (const message of new Set(messages)) console.log(`    ${message}`);
  }
  unsteady += failures.size;
}
console.log(unsteady === 0 ? "every case passed every time" : `${unsteady} unsteady cases`);
process.exit(unsteady === 0 ? 0 : 1);
