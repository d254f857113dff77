// A host in which Effect finds no AsyncResource, so that its fibers mix up async contexts.
import { AsyncLocalStorage } from "node:async_hooks";
import { ContextVar, Event, run, sleep, taskGroup, waitAllTasksBlocked } from "@anywhen/core";

Object.defineProperty(process, "getBuiltinModule", { value: undefined });
const { effectBackend } = await import("../../src/index.ts");

const user = new AsyncLocalStorage<string>();
const variable = new ContextVar<string>("variable");
const seen: unknown[] = [];

await run(
  () =>
    taskGroup(async (tg) => {
      const event = new Event();
      for (const name of ["a", "b"]) {
        user.run(name, () =>
          variable.run(name, () =>
            tg.startSoon(async () => {
              seen.push(user.getStore(), variable.get());
              await event.wait();
              await sleep(1);
              seen.push(user.getStore(), variable.get());
            }),
          ),
        );
      }
      await waitAllTasksBlocked();
      user.run("the waker", () => event.set());
    }),
  { backend: effectBackend() },
);
process.stdout.write(seen.join());
