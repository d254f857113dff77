import { memoryStream } from "@anywhen/core";
import { timeless, type Case } from "../case.ts";
import type { CaseContext } from "../case-context.ts";
import { hostProcess } from "../host-process.ts";

/** M10: what is said of streams that nobody closed. */
export const unclosedStreamCases: readonly Case[] = [
  timeless(
    "M10.1",
    "A stream dropped unclosed is reported once, as a process warning",
    async (t) => {
      const warnings = await warningsAfter(t, () => {
        const [send, receive] = memoryStream<number>(2);
        const clone = send.clone();
        send.sendNowait(1);
        return [send, receive, clone];
      });
      if (warnings === undefined) return t.skip("the host has no process warnings");
      t.equal(warnings.length, 1, "the number of warnings");
    },
  ),
  timeless("M10.2", "A stream whose ends are closed is not reported", async (t) => {
    const warnings = await warningsAfter(t, () => {
      const [send, receive] = memoryStream<number>(2);
      send.sendNowait(1);
      void send.close();
      void receive.close();
      return [send, receive];
    });
    if (warnings === undefined) return t.skip("the host has no process warnings");
    t.equal(warnings, []);
  }),
  timeless(
    "M10.3",
    "A stream of which one end is closed is reported only if something can be lost",
    async (t) => {
      const drained = await warningsAfter(t, () => {
        const [send, receive] = memoryStream<number>(2);
        void send.close();
        return [receive];
      });
      if (drained === undefined) return t.skip("the host has no process warnings");
      t.equal(drained, [], "of a stream that has ended");
      const full = await warningsAfter(t, () => {
        const [send, receive] = memoryStream<number>(2);
        send.sendNowait(1);
        void send.close();
        return [receive];
      });
      t.equal(full?.length, 1, "the number of warnings of a stream with an item in it");
    },
  ),
  timeless(
    "M10.5",
    "A send end dropped after the last receive end was closed is not reported",
    async (t) => {
      const warnings = await warningsAfter(t, () => {
        const [send, receive] = memoryStream<number>();
        void receive.close();
        return [send];
      });
      if (warnings === undefined) return t.skip("the host has no process warnings");
      t.equal(warnings, []);
    },
  ),
  timeless(
    "M10.6",
    "A clone that was closed and dropped is not reported while its stream is open",
    async (t) => {
      const [send, receive] = memoryStream<number>();
      const warnings = await warningsAfter(t, () => {
        const clones = [send.clone(), receive.clone()];
        for (const clone of clones) void clone.close();
        return clones;
      });
      await send.close();
      await receive.close();
      if (warnings === undefined) return t.skip("the host has no process warnings");
      t.equal(warnings, []);
    },
  ),
  timeless("M10.4", "With tracing on the report names where the stream was created", async (t) => {
    const { env } = (hostProcess() ?? {}) as { env?: Record<string, string | undefined> };
    if (env === undefined) return t.skip("the host has no environment");
    const before = env["ANYWHEN_TRACE"];
    env["ANYWHEN_TRACE"] = "1";
    try {
      const warnings = await warningsAfter(t, function createsAStream() {
        // Taken apart, because a tail call leaves no frame in JavaScriptCore.
        const [send, receive] = memoryStream<number>();
        return [send, receive];
      });
      t.ok(
        warnings?.[0]?.includes("createsAStream"),
        `the creator is named in: ${warnings?.join("; ")}`,
      );
    } finally {
      if (before === undefined) delete env["ANYWHEN_TRACE"];
      else env["ANYWHEN_TRACE"] = before;
    }
  }),
];

/** The warnings about unclosed streams that come when what `make` returns is collected; undefined where there are none. */
async function warningsAfter(
  t: CaseContext,
  make: () => readonly object[],
): Promise<string[] | undefined> {
  const process = hostProcess();
  if (process === undefined) return undefined;
  const warnings: string[] = [];
  const listener = (warning: unknown): void => {
    const { code, message } = warning as { code?: string; message: string };
    if (code === "ANYWHEN_UNCLOSED_STREAM") warnings.push(message);
  };
  const others = process.listeners("warning");
  for (const other of others) process.off("warning", other);
  process.on("warning", listener);
  try {
    const references = (() => make().map((end) => new WeakRef(end)))();
    for (const reference of references) await t.isCollected(reference);
    await t.isCollected(new WeakRef({}));
  } finally {
    process.off("warning", listener);
    for (const other of others) process.on("warning", other);
  }
  return warnings;
}
