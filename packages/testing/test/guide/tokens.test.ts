import { test } from "@anywhen/testing/vitest";
import { gather, sleep } from "anywhen";
import { expect } from "vitest";
import { Tokens } from "./tokens.ts";

function countingServer(): () => Promise<string> {
  let fetches = 0;
  return async () => {
    await sleep(200);
    return `token ${++fetches}`;
  };
}

test("a token is kept for a minute", async ({ clock }) => {
  const tokens = new Tokens(countingServer());
  expect(await tokens.get()).toBe("token 1");
  await clock.advance(60_000);
  expect(await tokens.get()).toBe("token 1");
  await clock.advance(1);
  expect(await tokens.get()).toBe("token 2");
});

test.onEveryBackend("two that ask at once get the same token", async ({ clock }) => {
  const tokens = new Tokens(countingServer());
  const both = await gather(
    () => tokens.get(),
    () => tokens.get(),
  );
  expect(both).toEqual(["token 1", "token 1"]);
  expect(clock.now).toBe(200);
});

test("a token is kept fresh in the background", async ({ clock, tg }) => {
  const tokens = new Tokens(countingServer());
  tg.startSoon(async () => {
    for (;;) {
      await tokens.get();
      await sleep(10_000);
    }
  });
  await clock.advance(3_600_000);
  expect(await tokens.get()).toBe("token 52");
});
