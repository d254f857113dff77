import { run, sleep, taskGroup } from "anywhen";

// D2: an error that nobody catches.
await run(() =>
  taskGroup(
    async (tg) => {
      tg.startSoon(
        () =>
          taskGroup((inner) => {
            inner.startSoon(
              () => {
                throw new TypeError("the disk is full", { cause: new Error("ENOSPC") });
              },
              { name: "writer" },
            );
          }),
        { name: "storage" },
      );
      await sleep(60_000);
    },
    { name: "server" },
  ),
);
