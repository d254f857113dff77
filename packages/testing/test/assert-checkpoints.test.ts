import {
  cancelScope,
  Cancelled,
  checkpoint,
  memoryStream,
  sleep,
  taskGroup,
  throwIfCancelled,
} from "anywhen";
import { describe, expect, test } from "vitest";
import { assertCheckpoints, AssertionError, assertNoCheckpoints } from "../src/index.ts";
import { caught } from "./caught.ts";
import { eachBackend } from "./each-backend.ts";

const boom = new Error("boom");

describe.each(eachBackend)("on %s", (_, inRun) => {
  test("assertCheckpoints() passes on the value of what executed a checkpoint, waited or not", () =>
    inRun(async () => {
      const [send, receive] = memoryStream<string>(1);
      await assertCheckpoints(() => send.send("item"));
      expect(await assertCheckpoints(() => receive.receive())).toBe("item");
      await assertCheckpoints(() => sleep(0));
    }));

  test("assertCheckpoints() refuses what executed none, and names it", () =>
    inRun(async () => {
      const error = await caught(() => assertCheckpoints(async function refresh() {}));
      expect(error).toBeInstanceOf(AssertionError);
      expect(error.message).toContain("refresh ended without a checkpoint");
    }));

  test("assertCheckpoints() asserts nothing of what throws", () =>
    inRun(() => expect(assertCheckpoints(() => Promise.reject(boom))).rejects.toBe(boom)));

  test("assertNoCheckpoints() passes on the value of what executed none", () =>
    inRun(async () => {
      expect(await assertNoCheckpoints(() => "value")).toBe("value");
      expect(await assertNoCheckpoints(async () => "later")).toBe("later");
      await expect(assertNoCheckpoints(() => Promise.reject(boom))).rejects.toBe(boom);
    }));

  test("assertNoCheckpoints() refuses what executed some, and counts them", () =>
    inRun(async () => {
      const error = await caught(() =>
        assertNoCheckpoints(async function refresh() {
          await checkpoint();
          await checkpoint();
        }),
      );
      expect(error).toBeInstanceOf(AssertionError);
      expect(error.message).toContain("refresh executed 2 checkpoints");
    }));

  test("assertNoCheckpoints() refuses a checkpoint also before an error, which is the cause", () =>
    inRun(async () => {
      const error = await caught(() =>
        assertNoCheckpoints(async () => {
          await checkpoint();
          throw boom;
        }),
      );
      expect(error).toBeInstanceOf(AssertionError);
      expect(error.cause).toBe(boom);
    }));

  test("a checkpoint that throws is one, throwIfCancelled() is none", () =>
    inRun(() =>
      cancelScope(async (scope) => {
        scope.cancel();
        await expect(assertNoCheckpoints(() => throwIfCancelled())).rejects.toThrow(Cancelled);
        await expect(assertNoCheckpoints(() => checkpoint())).rejects.toThrow(AssertionError);
      }),
    ));

  test("the checkpoints of tasks that are started in it do not count", () =>
    inRun(() =>
      assertNoCheckpoints(() => taskGroup((tg) => void tg.startSoon(() => checkpoint()))),
    ));
});

describe("outside every task", () => {
  test("both run the function in a run of its own", async () => {
    expect(await assertCheckpoints(() => checkpoint().then(() => "value"))).toBe("value");
    expect(await assertNoCheckpoints(() => "value")).toBe("value");
    await expect(assertCheckpoints(() => {})).rejects.toThrow(AssertionError);
    await expect(assertNoCheckpoints(() => checkpoint())).rejects.toThrow(AssertionError);
  });
});

test.each([
  ["a promise", Promise.resolve()],
  ["nothing", undefined],
])("%s is no function", async (_, value) => {
  await expect(assertCheckpoints(value as never)).rejects.toThrow(/takes a function/);
  await expect(assertNoCheckpoints(value as never)).rejects.toThrow(/takes a function/);
});
