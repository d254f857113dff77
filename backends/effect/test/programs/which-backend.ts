import { currentBackend, run, sleep } from "anywhen";

await run(async () => {
  await sleep(1);
  process.stdout.write(currentBackend().name);
});
