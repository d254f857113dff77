// Prints how each run ends that can make no progress. Run by deadlock.test.ts in a process of its own.
import { Event, Lock, moveOnAfter, run, shield, sleepForever, taskGroup } from "anywhen";

async function report(what: string, running: Promise<unknown>): Promise<void> {
  const ending = await running.then(
    (value) => `resolved with ${String(value)}`,
    (error: unknown) => String(error),
  );
  console.log(`${what}: ${ending}`);
}

const left = new Lock({ name: "left" });
const right = new Lock({ name: "right" });

async function holdBoth(first: Lock, second: Lock, bothHeld: Event): Promise<void> {
  try {
    await first.use(async () => {
      if (second.locked) bothHeld.set();
      await bothHeld.wait();
      await second.acquire();
    });
  } finally {
    console.log("cleaned up");
  }
}

const crossing = run(
  () =>
    taskGroup((tg) => {
      const bothHeld = new Event();
      tg.startSoon(() => holdBoth(left, right, bothHeld), { name: "one" });
      tg.startSoon(() => holdBoth(right, left, bothHeld), { name: "other" });
    }),
  { name: "crossing" },
);
await report("two locks", crossing);
await report(
  "shielded",
  run(() => shield(() => sleepForever())),
);
await report(
  "inner run",
  run(() => run(() => sleepForever(), { name: "inner" })),
);
await report(
  "with a deadline",
  run(() => moveOnAfter(10, () => sleepForever())),
);
await report(
  "foreign promise",
  run(() => new Promise((resolve) => setTimeout(resolve, 10, "a value"))),
);
