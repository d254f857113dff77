import { Cancelled, checkpoint, taskGroup, waitAllTasksBlocked } from "anywhen";
import { describe, expect, test } from "vitest";
import { SequenceBrokenError, sequencer } from "../src/index.ts";
import { caught } from "./caught.ts";
import { eachBackend } from "./each-backend.ts";

describe.each(eachBackend)("sequencer() on %s", (_, inRun) => {
  test("runs blocks of different tasks in the order of their numbers", () =>
    inRun(async () => {
      const seq = sequencer();
      const log: number[] = [];
      const block = (position: number) =>
        seq(position, async () => {
          await checkpoint();
          log.push(position);
        });
      await taskGroup((tg) => {
        for (const position of [3, 1, 4, 0, 2]) tg.startSoon(() => block(position));
      });
      expect(log).toEqual([0, 1, 2, 3, 4]);
    }));

  test("starts a block when the one before it has ended, not when it has begun", () =>
    inRun(async () => {
      const seq = sequencer();
      const log: string[] = [];
      await taskGroup((tg) => {
        tg.startSoon(() => seq(1, () => log.push("1")));
        tg.startSoon(() =>
          seq(0, async () => {
            log.push("0 begins");
            await waitAllTasksBlocked();
            log.push("0 ends");
          }),
        );
      });
      expect(log).toEqual(["0 begins", "0 ends", "1"]);
    }));

  test("goes on after a block that threw, and passes its error and its value on", () =>
    inRun(async () => {
      const seq = sequencer();
      const boom = new Error("boom");
      await expect(seq(0, () => Promise.reject(boom))).rejects.toBe(boom);
      await expect(seq(1, () => "value")).resolves.toBe("value");
    }));

  test("a cancelled wait breaks every other one and all that come later", () =>
    inRun(async () => {
      const seq = sequencer();
      const errors: Error[] = [];
      const broken = (position: number) => async () => {
        errors.push(await caught(() => seq(position, () => {})));
      };
      await taskGroup(async (tg) => {
        tg.startSoon(broken(2));
        const cancelled = tg.startSoon(broken(3));
        await waitAllTasksBlocked();
        cancelled.cancel();
        await waitAllTasksBlocked();
        await broken(0)();
      });
      expect(errors).toHaveLength(3);
      for (const error of errors) {
        expect(error).toBeInstanceOf(SequenceBrokenError);
        expect(error.message).toContain("block 3 was cancelled while it waited for block 2 to end");
        expect(error.cause).toBeInstanceOf(Cancelled);
      }
    }));
});

test("a number that was used before is refused", async () => {
  const seq = sequencer();
  await seq(0, () => {});
  await expect(seq(0, () => {})).rejects.toThrow(/block 0 .* is there already/);
});

test.each([-1, 0.5, Number.NaN, "1", undefined])("%s is no number of a block", async (position) => {
  await expect(sequencer()(position as number, () => {})).rejects.toThrow(RangeError);
});

test("a block that is no function is refused and its number not used up", async () => {
  const seq = sequencer();
  await expect(seq(0, Promise.resolve() as never)).rejects.toThrow(/pass \(\) => work\(\)/);
  await expect(seq(0, () => 1)).resolves.toBe(1);
});
