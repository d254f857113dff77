import { type Instrument, run, taskGroup } from "anywhen";
import { baseline, raw, type Row, subject } from "../row.ts";

const size = 10;
const fast = async (): Promise<number> => 1;

async function inTaskGroups(count: number): Promise<void> {
  for (let started = 0; started < count; started += size) {
    await taskGroup((tg) => {
      for (let index = 0; index < size; index++) tg.startSoon(fast);
    });
  }
}

async function inPromiseAll(count: number): Promise<void> {
  for (let started = 0; started < count; started += size) {
    await Promise.all(Array.from({ length: size }, fast));
  }
}

/** The same in a run that is watched. */
function watchedBy(instrument: Instrument): (count: number) => Promise<void> {
  return (count) => run(() => inTaskGroups(count), { instruments: [instrument] });
}

const none = (): void => {};

export const row: Row = {
  name: "instruments",
  operation: "a task that returns at once in a group of ten, unwatched and watched",
  unit: "ns",
  operations: 50_000,
  contenders: [
    subject("no instruments", inTaskGroups),
    ...baseline("Promise.all", inPromiseAll, 5),
    raw("an instrument without hooks", watchedBy({})),
    raw("an instrument with one hook", watchedBy({ taskEnded: none })),
    raw(
      "an instrument with every hook of tasks and scopes",
      watchedBy({
        taskSpawned: none,
        taskStarted: none,
        taskWaiting: none,
        taskResumed: none,
        taskEnded: none,
        scopeEntered: none,
        scopeCancelled: none,
        scopeExited: none,
      }),
      0.5,
    ),
  ],
};
