import {
  currentBackend,
  currentScope,
  currentSignal,
  Event,
  failAfter,
  gather,
  moveOnAfter,
  now,
  sleep,
  taskGroup,
  TimeoutError,
} from "anywhen";
import { say } from "./say.ts";

// C24: nothing here is inside run().
say(`inside a scope ${currentScope() !== undefined}`);
say(`backend ${currentBackend().name}`);
say(`aborted ${currentSignal().aborted}`);
const before = now();
await sleep(5);
say(`slept ${now() - before >= 5}`);
say(
  `gathered ${(
    await gather(
      () => 1,
      async () => 2,
    )
  ).join()}`,
);
const event = new Event();
await taskGroup((tg) => {
  tg.startSoon(() => event.wait());
  tg.startSoon(() => event.set());
});
say(`moved on ${String(await moveOnAfter(1, () => sleep(60_000)))}`);
await failAfter(1, () => sleep(60_000)).catch((error: unknown) => {
  say(`timed out ${error instanceof TimeoutError}`);
});
say("done");
