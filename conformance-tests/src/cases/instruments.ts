import {
  Event,
  type Instrument,
  Lock,
  moveOnAfter,
  run,
  sleep,
  sleepForever,
  taskGroup,
  TaskGroupError,
} from "@anywhen/core";
import { timeless, virtual, type Case } from "../case.ts";
import { hostProcess } from "../host-process.ts";

/** D4: what instruments see of a run. */
export const instrumentCases: readonly Case[] = [
  timeless(
    "D4.1",
    "Instruments see a run and its tasks start, wait, go on and end, in that order",
    async (t) => {
      const gate = new Event();
      await t.run(
        async () => {
          await taskGroup((tg) => {
            tg.startSoon(() => gate.wait(), { name: "waiter" });
            tg.startSoon(() => gate.set(), { name: "setter" });
          });
        },
        { name: "root", instruments: [loggingTasks(t.log)] },
      );
      t.equal(t.log[0], "run root started", "the first");
      t.equal(t.log.at(-1), "run root ended: ok", "the last");
      // In which order tasks take turns is not part of the contract. [T20]
      t.equal(eventsOf("root", t.log), [
        "root spawned",
        "root started",
        "root waits for undefined",
        "root resumed: value",
        "root ended: ok",
      ]);
      t.equal(eventsOf("waiter", t.log), [
        "waiter spawned",
        "waiter started",
        "waiter waits for an Event",
        "waiter resumed: value",
        "waiter ended: ok",
      ]);
      t.equal(eventsOf("setter", t.log), ["setter spawned", "setter started", "setter ended: ok"]);
    },
  ),

  virtual("D4.2", "Instruments are told what a task waits for, and why it goes on", async (t) => {
    const lock = new Lock({ name: "db" });
    await t.run(
      () =>
        taskGroup((tg) => {
          tg.startSoon(() => lock.use(() => sleep(5)), { name: "holder" });
          tg.startSoon(() => lock.use(() => {}), { name: "next" });
          tg.startSoon(() => moveOnAfter(1, sleepForever), { name: "idler" });
        }),
      {
        instruments: [
          {
            taskWaiting: (task, what) => {
              if (task.name === "next") t.log.push(`next waits for ${what}`);
            },
            taskResumed: (task, why) => t.log.push(`${task.name}: ${why}`),
          },
        ],
      },
    );
    t.expectLog([
      'next waits for Lock "db" held by task "holder"',
      "idler: cancel",
      "holder: timer",
      "next: value",
      "main: value",
    ]);
  }),

  virtual(
    "D4.3",
    "Instruments see scopes entered, cancelled with the cause and the task behind it, and exited",
    async (t) => {
      const error = new Error("broken");
      const failing = t.run(
        async () => {
          await moveOnAfter(1, () => sleepForever(), { name: "brief" });
          await taskGroup(
            (tg) => {
              tg.startSoon(() => tg.scope.cancel("enough"), { name: "stopper" });
              tg.startSoon(sleepForever, { name: "sleeper" });
            },
            { name: "stopped" },
          );
          await taskGroup(
            (tg) => {
              tg.startSoon(() => Promise.reject(error), { name: "failer" });
            },
            { name: "failed" },
          );
        },
        { name: "root", instruments: [loggingScopes(t.log)] },
      );
      await t.rejects(failing, TaskGroupError);
      t.expectLog([
        "enter task root",
        "enter scope brief, timed",
        "cancel brief: deadline (TimeoutError) by nobody",
        "exit scope brief",
        "enter task group stopped",
        "enter task stopper",
        "enter task sleeper",
        "cancel stopped: call (enough) by stopper",
        "exit task stopper",
        "exit task sleeper",
        "exit task group stopped",
        "enter task group failed",
        "enter task failer",
        "exit task failer",
        "cancel failed: failure (Error) by failer",
        "exit task group failed",
        "exit task root",
      ]);
    },
  ),

  timeless(
    "D4.4",
    "An instrument that throws is reported and removed; the program and the others go on",
    async (t) => {
      const host = hostProcess();
      if (host === undefined) return t.skip("the host has no process warnings");
      const warnings: string[] = [];
      const onWarning = (warning: unknown): void => void warnings.push(String(warning));
      host.on("warning", onWarning);
      const broken: Instrument = {
        taskSpawned: (task) => t.log.push(`broken saw ${task.name}`),
        taskStarted() {
          throw new Error("boom");
        },
        taskEnded: () => t.log.push("broken saw an end"),
      };
      const sound: Instrument = { taskEnded: (task) => t.log.push(`${task.name} ended`) };
      const value = await t.run(() => 7, { name: "root", instruments: [broken, sound] });
      await t.turn();
      host.off("warning", onWarning);
      t.equal(value, 7, "the program does not notice");
      t.expectLog(["broken saw root", "root ended"]);
      t.ok(
        warnings.some((text) => text.includes("taskStarted()") && text.includes("boom")),
        "a process warning names the hook and the error",
      );
    },
  ),

  timeless("D4.5", "A run inside a run is seen by its own instruments only", async (t) => {
    const outer = { taskSpawned: (task: { name: string }) => t.log.push(`outer: ${task.name}`) };
    const inner = { taskSpawned: (task: { name: string }) => t.log.push(`inner: ${task.name}`) };
    await t.run(() => run(() => {}, { name: "b", backend: t.backend, instruments: [inner] }), {
      name: "a",
      instruments: [outer],
    });
    t.expectLog(["outer: a", "inner: b"]);
  }),
];

function eventsOf(task: string, log: readonly string[]): string[] {
  return log.filter((event) => event.startsWith(task));
}

function loggingTasks(log: string[]): Instrument {
  return {
    runStarted: ({ name }) => log.push(`run ${name} started`),
    runEnded: ({ name }, how) => log.push(`run ${name} ended: ${how}`),
    taskSpawned: ({ name }) => log.push(`${name} spawned`),
    taskStarted: ({ name }) => log.push(`${name} started`),
    taskWaiting: ({ name }, what) => log.push(`${name} waits for ${what}`),
    taskResumed: ({ name }, why) => log.push(`${name} resumed: ${why}`),
    taskEnded: ({ name }, how) => log.push(`${name} ended: ${how}`),
  };
}

function loggingScopes(log: string[]): Instrument {
  return {
    scopeEntered({ kind, name, deadline }) {
      log.push(`enter ${kind} ${name}${deadline === Infinity ? "" : ", timed"}`);
    },
    scopeCancelled({ name }, { cause, reason, by }) {
      const why = reason instanceof Error ? reason.name : String(reason);
      log.push(`cancel ${name}: ${cause} (${why}) by ${by?.name ?? "nobody"}`);
    },
    scopeExited: ({ kind, name }) => log.push(`exit ${kind} ${name}`),
  };
}
