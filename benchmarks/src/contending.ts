import { taskGroup } from "anywhen";

/** How many tasks want the same thing in the rows about contention. */
export const tasks = 100;

type Use = () => Promise<unknown>;

/** What is done while holding on: an await, so that the others queue up. */
export async function body(): Promise<void> {
  await Promise.resolve();
}

/** Calls `use` as often as said, from a hundred tasks of a group. */
export async function inTasks(count: number, use: Use): Promise<void> {
  await taskGroup((tg) => {
    for (let task = 0; task < tasks; task++) {
      tg.startSoon(async () => {
        for (let index = 0; index < count / tasks; index++) await use();
      });
    }
  });
}

type Loop = () => Promise<void>;

/** The same without tasks, for locks that know none; each loop is started by `start`. */
export async function inLoops(
  count: number,
  use: Use,
  start: (loop: Loop) => Promise<void> = (loop) => loop(),
): Promise<void> {
  const loop = async (): Promise<void> => {
    for (let index = 0; index < count / tasks; index++) await use();
  };
  await Promise.all(Array.from({ length: tasks }, () => start(loop)));
}

interface Permits {
  acquire(): Promise<unknown>;
  release(): void;
}

/** What users write around a lock or semaphore that has only these two methods. */
export function holding(permits: Permits, during: () => unknown): Use {
  return async () => {
    await permits.acquire();
    try {
      await during();
    } finally {
      permits.release();
    }
  };
}
