import { failAfter, moveOnAfter, now, race, run, sleep, sleepForever, taskGroup } from "anywhen";
import { say } from "./say.ts";

// Leaves timers of every kind unneeded: none of them may keep the process alive.
await run(async () => {
  await failAfter(60_000, () => sleep(1));
  await moveOnAfter(60_000, (scope) => {
    scope.deadline = now() + 120_000;
  });
  await race<unknown>([() => sleep(60_000), () => "first"]);
  await taskGroup(async (tg) => {
    tg.startSoon(() => sleep(60_000));
    tg.startSoon(() => sleepForever());
    await sleep(1);
    tg.cancel();
  });
  const reading = new AbortController();
  await run(() => 1, { signal: reading.signal, signals: ["SIGINT"] });
});
process.on("exit", (code) => {
  say(`exit ${code} after less than a minute: ${performance.now() < 50_000}`);
});
