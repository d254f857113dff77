import { describe, expect, it } from "vitest";
import { HandWrittenChannel } from "../src/hand-written/channel.ts";
import { Around, CancellableLock } from "../src/hand-written/cancellable-lock.ts";
import { HandWrittenLock } from "../src/hand-written/lock.ts";
import { HandWrittenSemaphore } from "../src/hand-written/semaphore.ts";

describe("the hand-written code that ratios are taken to", () => {
  it("has a lock that lets one in at a time, first come, first served", async () => {
    const lock = new HandWrittenLock();
    const log: string[] = [];
    const use = (name: string): Promise<void> =>
      lock.use(async () => {
        log.push(`${name} in`);
        await Promise.resolve();
        log.push(`${name} out`);
      });
    await Promise.all([use("a"), use("b"), use("c")]);
    expect(log).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("has a lock whose waits can be cancelled, first come, first served for the others", async () => {
    const lock = new CancellableLock();
    const log: string[] = [];
    const use = (name: string): Promise<unknown> =>
      lock.use(() => log.push(name)).catch((error: Error) => log.push(`${name} ${error.message}`));
    await lock.acquire();
    const around = new Around();
    const uses = [use("a"), around.run(() => use("b")), use("c")];
    around.cancel(new Error("cancelled"));
    lock.release();
    await Promise.all([...uses, around.run(() => use("d"))]);
    expect(log).toHaveLength(4);
    expect(log).toEqual(expect.arrayContaining(["b cancelled", "d cancelled"]));
    expect(log.filter((name) => name.length === 1)).toEqual(["a", "c"]);
    expect(around.waits.size).toBe(0);
  });

  it("has a semaphore that lets in as many as it has permits", async () => {
    const semaphore = new HandWrittenSemaphore(2);
    let inside = 0;
    let most = 0;
    const visit = async (): Promise<void> => {
      await semaphore.acquire();
      most = Math.max(most, ++inside);
      await Promise.resolve();
      inside--;
      semaphore.release();
    };
    await Promise.all([visit(), visit(), visit(), visit()]);
    expect(most).toBe(2);
  });

  it.each([0, 1, 3])(
    "has a channel of capacity %i that keeps order and loses nothing",
    async (capacity) => {
      const channel = new HandWrittenChannel<number>(capacity);
      const sending = (async () => {
        for (let item = 0; item < 10; item++) await channel.send(item);
      })();
      const received: number[] = [];
      for (let item = 0; item < 10; item++) received.push(await channel.receive());
      await sending;
      expect(received).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    },
  );
});
