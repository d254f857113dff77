import { run, ScopeCancelledError, shield, sleep, sleepForever, taskGroup } from "anywhen";
import { say } from "./say.ts";

// A service that cleans up when it is told to stop. With "slowly" as argument the cleanup never ends.
const slowly = process.argv.includes("slowly");

async function serve(): Promise<void> {
  try {
    say("ready");
    // The sleep keeps the process alive, as a server's socket would.
    await sleep(60_000);
  } finally {
    say("cleanup begins");
    await shield(() => (slowly ? sleep(60_000) : sleep(1)));
    say("cleanup is done");
  }
}

try {
  await run(
    () =>
      taskGroup((tg) => {
        tg.startSoon(serve);
        tg.startSoon(() => sleepForever());
      }),
    { signals: ["SIGINT", "SIGTERM"] },
  );
} catch (error) {
  if (!(error instanceof ScopeCancelledError)) throw error;
  say(`${error.code} ${String(error.reason)}`);
}
