import { expect, test } from "vitest";
import { siteOf } from "../../src/simulation/checkpoint-site.ts";

test("the site of a checkpoint is read from a stack of V8", () => {
  const stack = `Error
    at currentSite (/lib/testing/src/checkpoint-site.ts:20:17)
    at Engine.checkpoint [as onCheckpoint] (/lib/testing/src/simulator.ts:70:5)
    at refusedIn (file:///lib/core/src/wait.ts:228:25)
    at Lock.acquire (file:///lib/core/src/sync/lock.ts:57:21)
    at async transfer (file:///app/bank.ts:12:5)`;
  expect(siteOf(stack)).toEqual({ call: "Lock.acquire", caller: "transfer (/app/bank.ts:12:5)" });
});

test("the site of a checkpoint is read from a stack of JavaScriptCore", () => {
  const stack = `currentSite@/lib/testing/dist/index.js:20:17
refusedIn@/lib/core/dist/index.js:228:25
acquire@/lib/core/dist/index.js:57:21
transfer@/app/bank.ts:12:5`;
  expect(siteOf(stack)).toEqual({ call: "acquire", caller: "transfer (/app/bank.ts:12:5)" });
});

test("a caller without a name is told by its place alone", () => {
  const stack = `Error
    at refusedIn (/lib/core/src/wait.ts:228:25)
    at sleep (/lib/core/src/time.ts:9:9)
    at C:\\app\\bank.ts:12:5`;
  expect(siteOf(stack)).toEqual({ call: "sleep", caller: "(C:\\app\\bank.ts:12:5)" });
});

test("a stack that ends in the library, or is none, tells what it can", () => {
  const stack = `Error
    at refusedIn (/lib/core/src/wait.ts:228:25)
    at receiveFrom (/lib/core/src/stream/pipe.ts:9:9)`;
  expect(siteOf(stack)).toEqual({ call: "receiveFrom", caller: undefined });
  expect(siteOf("Error")).toEqual({ call: undefined, caller: undefined });
});
