import { currentBackend, run, sleep } from "anywhen";
import { backend } from "@anywhen/rxjs";

await run(async () => {
  await sleep(1);
  process.stdout.write(`${currentBackend().name} ${currentBackend() === backend}\n`);
});
